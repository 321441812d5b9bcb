/** What a puppet is told to do. Bytes travel as they are: the channel clones them. */
export type Action =
  /** Ask a member, by its id. */
  | { readonly do: 'request'; readonly to: string; readonly protocol: string; readonly bytes: Uint8Array }
  /** Once so many peers listen to the topic, send these, past all bounds of its own side. */
  | {
      readonly do: 'publish'
      readonly topic: string
      readonly listeners: number
      readonly messages: readonly Uint8Array[]
    }
  /** Claim to listen to these topics. */
  | { readonly do: 'subscribe'; readonly to: string; readonly topics: readonly string[] }
  /** Tell everybody linked these claims of the roster, whatever they say. */
  | { readonly do: 'claim'; readonly claims: readonly object[] }
  /** What was heard on the topics since the start. */
  | { readonly do: 'tell-heard' }
  /** Names of the members that it sees alive. */
  | { readonly do: 'tell-members' }
  /** Ids of the members that it can send requests to. */
  | { readonly do: 'tell-links' }
  /** Its own id. */
  | { readonly do: 'tell-id' }

/** What comes of it. */
export interface Outcomes {
  readonly request: Uint8Array
  readonly publish: undefined
  readonly subscribe: undefined
  readonly claim: undefined
  readonly 'tell-heard': readonly Uint8Array[]
  readonly 'tell-members': readonly string[]
  readonly 'tell-links': readonly string[]
  readonly 'tell-id': string
}

export interface Order {
  readonly id: number
  readonly action: Action
}

export type Reply =
  | { readonly id: number; readonly outcome: 'done'; readonly value: unknown }
  | { readonly id: number; readonly outcome: 'failed'; readonly why: string }

/** How it joins; one argument, as JSON. */
export interface PuppetOptions {
  readonly name: string
  readonly cluster: string
  readonly secret: string
  /** host:port of members; or it finds them by mDNS. */
  readonly seeds: readonly string[] | 'mdns'
  readonly topics: readonly string[]
}
