import type { Rule } from '../rule.ts'

export const meshAdmitsUnauthenticated: Rule = {
  id: 'mesh-admits-unauthenticated',
  about: 'tree',
  title: 'Service mesh admits clients without mutual TLS',
  severity: 'medium',
  cwe: 306,
  cap: { grade: 'C', reason: 'mutual TLS is claimed and not enforced' },
  explanation: `A service mesh gives its programs mutual TLS, and is told to let others in too: Istio \`PeerAuthentication\` with \`PERMISSIVE\`
or \`DISABLE\`, a \`Gateway\` with \`OPTIONAL_MUTUAL\`; Linkerd \`default-inbound-policy: all-unauthenticated\`, a
\`ServerAuthorization\` with \`unauthenticated: true\`. Whoever reaches the pod's address is served in plain text, and identities that
policies name are never asked for.

\`PERMISSIVE\` is meant for the days in which programs are moved into the mesh.

**Fix.** \`mtls: { mode: STRICT }\` for the mesh or the namespace, \`mode: MUTUAL\` at the gateway; Linkerd \`all-authenticated\`, and
\`meshTLS\` in the authorization. Leave ports of health checks to the mesh's own way of probing.`,
  examples: {
    bad: [
      {
        'k8s/peers.yaml':
          'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: default, namespace: payments }\nspec:\n  mtls:\n    mode: PERMISSIVE\n',
      },
      {
        'k8s/gateway.yaml':
          'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: partners }\nspec:\n  servers:\n    - port: { number: 443, name: https, protocol: HTTPS }\n      hosts: [api.example.com]\n      tls: { mode: OPTIONAL_MUTUAL, credentialName: api }\n',
      },
      {
        'k8s/linkerd.yaml':
          'apiVersion: policy.linkerd.io/v1beta1\nkind: ServerAuthorization\nmetadata: { name: ledger }\nspec:\n  server: { name: ledger }\n  client:\n    unauthenticated: true\n',
      },
      {
        'k8s/namespace.yaml':
          'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: payments\n  annotations:\n    linkerd.io/inject: enabled\n    config.linkerd.io/default-inbound-policy: all-unauthenticated\n',
      },
    ],
    good: [
      {
        'k8s/peers.yaml':
          'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: default }\nspec:\n  mtls: { mode: STRICT }\n',
      },
      {
        'k8s/linkerd.yaml':
          'apiVersion: policy.linkerd.io/v1beta1\nkind: ServerAuthorization\nmetadata: { name: ledger }\nspec:\n  server: { name: ledger }\n  client:\n    meshTLS: { serviceAccounts: [{ name: billing }] }\n',
      },
    ],
  },
  *check({ listeners }) {
    for (const { mesh, file, start, end, because } of listeners) {
      if (mesh === undefined) continue
      yield {
        file,
        start,
        end,
        message: `${mesh}: ${because[0] ?? 'clients without a certificate are served'}.`,
        fix: 'Demand mutual TLS: mode STRICT, mode MUTUAL at a gateway, all-authenticated and meshTLS.',
        identity: [mesh, because[0] ?? ''],
      }
    }
  },
}
