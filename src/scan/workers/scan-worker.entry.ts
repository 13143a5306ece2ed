import { loadCatalogue } from '../catalogue.ts'
import { diskReader } from '../read-disk.ts'
import { newHand } from './hand.ts'
import { serveJobs } from './serve-jobs.ts'

const hand = newHand(diskReader, await loadCatalogue())
serveJobs(hand)
