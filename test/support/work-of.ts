/**
 * The CPU time of this thread that the work takes, in units of that of a small piece of work that is always the same
 * (about ten milliseconds): what a busy or a slow machine does to the one it does to the other.
 */
export async function workOf(work: () => unknown): Promise<number> {
  const spent = await cpuMicroseconds(work)
  const units = [await cpuMicroseconds(unit), await cpuMicroseconds(unit), await cpuMicroseconds(unit)]
  return spent / Math.min(...units)
}

async function cpuMicroseconds(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return user + system
}

const list = Array.from({ length: 20_000 }, (_, index) => ({ index, text: `text ${index}` }))

function unit(): number {
  return JSON.stringify(JSON.parse(JSON.stringify(list))).length
}
