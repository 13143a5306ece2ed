export const checkClientCertificate = (..._a: unknown[]): never => {
  throw new Error('placeholder')
}
