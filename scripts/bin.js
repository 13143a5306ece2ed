#!/usr/bin/env node
// Copied to dist/sallyport.js. In words that an old Node can parse, as a script and as a module, so that it can say so.
if (parseInt(process.versions.node, 10) < 24) {
  console.error(`sallyport: needs Node 24 or later; this is Node ${process.versions.node}`)
  process.exitCode = 2
} else {
  void import('./cli.js')
}
