import type { Trace, TraceHit } from '../trace.ts'

const pathMax = 512
/** The app's own frame tells more than those of Ruby and of gems above it. */
const framesMax = 50
const libraryPath = /\/lib\/ruby\/|\/gems\/|<internal:/
/** What may follow the line number: `:in 'name'` as Ruby 3.4 writes it, `:in `name'` as every Ruby before did. */
const quotes = new Set(['`', "'"])
/** A frame's file: Ruby sources, templates, and the forms of code that has no file. */
const sourceEnd =
  /(?:\.(?:rb|ru|rake|erb|haml|slim|rabl|builder|jbuilder|gemspec)|\((?:eval|irb)[^()]{0,200}\)|<internal:[\w/.-]{1,100}>|(?:^|[\s/])(?:-e|Rakefile|bin\/[\w-]{1,40}|bundle|rackup|puma|thin|unicorn|rails))$/

/** `app.rb:12:in `block in <main>'`, in any text around it. */
export const rubyBacktrace: Trace = {
  id: 'ruby-backtrace',
  title: 'Ruby backtrace',
  shows: 'backtrace',
  needles: [':in `', ":in '"],
  find(text) {
    let first: TraceHit | undefined
    let frames = 0
    for (let at = text.indexOf(':in '); at >= 0 && frames < framesMax; at = text.indexOf(':in ', at + 4)) {
      const hit = frameAt(text, at)
      if (!hit) continue
      if (!libraryPath.test(hit.frame ?? '')) return hit
      first ??= hit
      frames++
    }
    return first
  },
  examples: {
    shown: [
      "app.rb:12:in `block in <main>'",
      "/srv/billing/app.rb:7:in 'Integer#/': divided by 0 (ZeroDivisionError)",
      '{"error":"divided by 0","backtrace":["/srv/app.rb:3:in `\\/\'","/srv/app.rb:3:in `block\'"]}',
      '<pre>/srv/app.rb:4:in &#x60;fetch&#x27;: key not found</pre>',
      '["\\u003cinternal:kernel\\u003e:187:in `loop\'"]',
      "(eval):1:in `work'",
    ],
    clean: [
      '{"error":"Internal server error"}',
      '<h1>Internal Server Error</h1>',
      "Arrived at 12:in 'Paris' nobody waited",
      'see README.md:12:in the second paragraph',
      "the train leaves at 10:45:in `time'",
    ],
  },
}

/** The frame whose `:in ` stands at `at`. */
function frameAt(text: string, at: number): TraceHit | undefined {
  if (!quotes.has(text[at + 4] ?? '')) return undefined
  let start = at
  while (start > 0 && at - start < 8 && isDigit(text.charCodeAt(start - 1))) start--
  if (start === at || text[start - 1] !== ':') return undefined
  const fileEnd = start - 1
  const before = text.slice(Math.max(0, fileEnd - pathMax), fileEnd)
  if (!sourceEnd.test(before)) return undefined
  const fileStart = fileEnd - before.length + pathStart(before)
  const close = text.indexOf("'", at + 5)
  return {
    start: fileStart,
    end: close < 0 || close - at > 200 ? at + 5 : close + 1,
    frame: `${text.slice(fileStart, fileEnd)}:${text.slice(start, at)}`,
  }
}

/** Where the path that ends `before` begins: behind the last character that stands around paths and not in them. */
function pathStart(before: string): number {
  for (let i = before.length - 1; i >= 0; i--) if ('"\'`[]{},;|= \t\n\r'.includes(before.charAt(i))) return i + 1
  return 0
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
