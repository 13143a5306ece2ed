export { type Copies, scanMemory } from '../../src/demo/scan-memory.ts'
