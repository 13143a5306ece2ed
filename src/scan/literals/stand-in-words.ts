const longestWord = 16

/** Words of which people make values that are no secret: stand-ins, defaults that everybody knows, and settings. */
const words = new Set(
  `a abc abcd abcdef access actual admin alpine an and anonymous any api apikey app asdf asdfgh ask at auth auto
  automatic azerty bad bar basic baz be bearer blank build change changed changeme ci cisco claim claims cleartext
  client correct credential credentials current data database db debian default demo dev development digest django
  do docker drupal dummy elastic email empty encrypted encryption enter env environment example fake false field
  file fill filtered fixme foo for generated good grafana guest hello here hidden id in incorrect inherit input
  insert invalid is issuer it jenkins jwt key keychain keycloak keys kibana label laravel letmein local localhost
  login long magento mail manual mariadb masked master me minio minioadmin missing mock mocked mongo mongodb my
  mysql na name new nil no none not now null oauth oauth2 odoo of off old on one only optional or oracle p4ssw0rd
  pass passphrase passw0rd passwd passwor password passwort pasword payload pi pin placeholder plain plaintext
  please postgres postgresql private prod production prompt prompted protected public put pw pwd qux qwerty qwertz
  rabbitmq rails random raspberry real redacted redis removed replace replaceme required right root s3cr3t s3cret
  sa sample secr3t secret secrets secure self service session set smtp so some staging string strong stub subject
  super symfony tbd temp test testing text the this three tmp to todo token tokens toor top true two type ubuntu
  undefined unique unknown unset use used user username users vagrant valid value vault very welcome with
  wordpress world wow wrong xyz yes your`.split(/\s+/),
)

/** Whether a text is made of nothing but such words, with digits and signs between them. Linear: texts may be hostile. */
export function isMadeOfStandIns(text: string): boolean {
  const runs = text.toLowerCase().match(/[a-z]+(?:\d[a-z]+)*/g)
  return runs !== null && !/\d{5}/.test(text) && runs.every(isMadeOfWords)
}

function isMadeOfWords(run: string): boolean {
  const reached = new Uint8Array(run.length + 1)
  reached[0] = 1
  for (let start = 0; start < run.length; start++) {
    if (reached[start] === 0) continue
    const end = Math.min(run.length, start + longestWord)
    for (let at = start + 1; at <= end; at++) if (words.has(run.slice(start, at))) reached[at] = 1
  }
  return reached[run.length] === 1
}
