# syntax=docker/dockerfile:1
# The budget app, one member of a cluster. Build: docker build -t grapevine-budget .

FROM node:22-slim AS build
WORKDIR /src
ENV CI=true
RUN npm install --global pnpm@12
# What is fetched changes with the lock file alone, and so is cached until then.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .
RUN pnpm install --frozen-lockfile --offline && pnpm exec tsc -b apps/budget packages/cli
# The app and the command line with what they need to run, and nothing else.
RUN pnpm --filter @grapevine/budget deploy --prod --legacy /out/app \
 && pnpm --filter @grapevine/cli deploy --prod --legacy /out/cli
# The compiler sets no executable bit, so the command is a file of its own.
RUN printf '#!/bin/sh\nexec node /cli/dist/main.js "$@"\n' > /out/grapevine && chmod 755 /out/grapevine

FROM node:22-slim
ENV NODE_ENV=production \
    PORT=3000 \
    DATA_DIR=/data
COPY --from=build /out/app /app
COPY --from=build /out/cli /cli
COPY --from=build /out/grapevine /usr/local/bin/grapevine
# Some platforms run it as a user of their own choice in the group 0: what the owner may, the group may.
RUN mkdir /data && chown node:0 /data && chmod 775 /data
WORKDIR /app
USER node
VOLUME /data
# 3000: people. 4100: the other members. 9100: metrics, where METRICS_LISTEN says so.
EXPOSE 3000 4100 9100
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
