# syntax=docker/dockerfile:1
# The budget app, one member of a cluster. Build: docker build -t grapevine-budget .

FROM node:22-slim AS build
WORKDIR /src
ENV CI=true
RUN npm install --global pnpm@12
COPY . .
RUN pnpm install --frozen-lockfile && pnpm exec tsc -b apps/budget packages/cli
# The app and the command line with what they need to run, and nothing else.
RUN pnpm --filter @grapevine/budget deploy --prod --legacy /out/app \
 && pnpm --filter @grapevine/cli deploy --prod --legacy /out/cli

FROM node:22-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
COPY --from=build /out/app /app
COPY --from=build /out/cli /cli
RUN mkdir /data && chown node:node /data && ln -s /cli/dist/main.js /usr/local/bin/grapevine
WORKDIR /app
USER node
VOLUME /data
# 3000: people. 4100: the other members.
EXPOSE 3000 4100
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
