import type { CarrierPlan } from '../keys/carrier.ts'

/**
 * What the launcher makes of `sallyport.yaml` and hands to the gateway: plain data, checked, without a secret.
 * Certificates stand in it as PEM text (they are public); private keys as the absolute path of their file, which the
 * gateway reads itself. `at` is the place in the configuration that a message names (`sallyport.yaml:12:5 egress…`).
 */
export interface Plan {
  readonly version: 1
  readonly stores: Readonly<Record<string, StorePlan>>
  readonly keys: readonly KeyPlan[]
  readonly app?: AppPlan
  readonly egress: EgressPlan
  readonly ingress?: IngressPlan
  readonly audit: AuditPlan
  /** Absolute path to which the opened addresses are written as JSON. */
  readonly ready?: string
  /** `--strict`: a protection that is missing stops the start. */
  readonly strict: boolean
}

export interface StorePlan {
  /** Id of the store kind. */
  readonly kind: string
  /** As the kind's own schema made it. */
  readonly config: unknown
  readonly at: string
}

export interface KeyPlan {
  /** The name under `keys:`; lower-case letters, digits, `-` and `_`. */
  readonly name: string
  /** Id of a known key kind, where one was named. */
  readonly kind?: string
  /** Canonical authorities (`host:port`, lower case), `*.` allowed at the front. Never empty. */
  readonly hosts: readonly string[]
  /** Absent: the kind's own. */
  readonly carriers?: readonly CarrierPlan[]
  readonly store: string
  readonly reference: string
  /** Variables under which the app finds the phantom. */
  readonly environment: readonly string[]
  /** Variables under which the app finds the base URL of the reverse door for this key, with `path` behind it. */
  readonly urls: readonly { readonly variable: string; readonly path: string }[]
  /** What may be asked with it; absent: everything on its hosts. */
  readonly routes?: readonly KeyRoutePlan[]
  readonly at: string
}

/** Absent lists mean any. Methods in upper case; path patterns are policy/path-pattern.ts's. */
export interface RoutePlan {
  readonly hosts?: readonly string[]
  readonly methods?: readonly string[]
  readonly paths?: readonly string[]
  readonly at: string
}

/** Places of a request besides those of a key's carriers. */
export type Elsewhere = 'target' | 'fields' | 'body'

export interface KeyRoutePlan extends RoutePlan {
  /** The key goes along although the request does not carry its phantom. */
  readonly always?: boolean
  /** A request without its phantom may bring credentials of the app's own. */
  readonly ownCredentials?: boolean
  /** Where a phantom is replaced besides its carriers' places. */
  readonly elsewhere?: readonly Elsewhere[]
}

export interface AppPlan {
  readonly command: readonly string[]
  readonly directory: string
  /** Where the app listens; the ingress forwards there. */
  readonly listen?: Address
  /** Name or number of the user that the app runs as; absent: ours. */
  readonly user?: string
}

export interface Address {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

export interface EgressPlan {
  readonly listen: Address
  /** Hosts without a key: tunnelled (and reported), or refused. */
  readonly others: 'tunnel' | 'refuse'
  /** Host names that the app reaches without the door. */
  readonly direct: readonly string[]
  /** By canonical authority. */
  readonly hosts: Readonly<Record<string, UpstreamPlan>>
  /** What stands between us and the upstreams; the launcher puts what `environment` means in its place. Absent: none. */
  readonly proxy?: ProxyPlan | 'environment' | 'none'
  /** For tests: host name → address that it is dialled at. */
  readonly unsafeResolve: Readonly<Record<string, string>>
  /** For tests: CIDR blocks that are dialled although they are private. */
  readonly unsafeAddresses: readonly string[]
}

export interface ProxyPlan extends Address {
  /** Whether the proxy is spoken to over TLS. */
  readonly tls: boolean
  /** PEM of the CAs that its certificate must chain to, instead of the public roots. */
  readonly ca?: string
  /** Entries of NO_PROXY: what is reached without it. */
  readonly direct: readonly string[]
  /** Name under which the launcher hands over the value of Proxy-Authorization. */
  readonly secret?: string
}

export interface UpstreamPlan {
  /** PEM of the CAs that its certificate must chain to, instead of the public roots. */
  readonly ca?: string
  /** Our own certificate for it: mutual TLS outwards. */
  readonly certificate?: CertificatePlan
  /** One of its chain must have one of these: `sha256/` and base64 of the SHA-256 of the SubjectPublicKeyInfo. */
  readonly pins?: readonly string[]
  readonly at: string
}

export interface CertificatePlan {
  /** PEM, leaf first. */
  readonly chain: string
  /** Absolute path of the private key's PEM file. */
  readonly keyFile: string
}

export interface IngressPlan {
  readonly listen: Address
  readonly certificate: CertificatePlan
  readonly clients: {
    /** PEM of the CAs; never empty. */
    readonly ca: string
    /** PEM of the CRLs, one element each. */
    readonly crls: readonly string[]
  }
  readonly policy: readonly ClientRulePlan[]
  readonly at: string
}

/** Exactly one of the three is set. */
export interface ClientMatch {
  readonly spiffe?: string
  readonly dns?: string
  /** `sha256/` and base64 of the SHA-256 of the SubjectPublicKeyInfo. */
  readonly spki?: string
}

export interface ClientRulePlan extends RoutePlan {
  readonly allow: ClientMatch
}

export interface AuditPlan {
  /** Absolute path; appended to, 0600. */
  readonly file: string
}
