/** The style of the HTML report; the filter needs no script. */
export const htmlStyle = `
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --soft: #f4f5f7; --line: #d5d9df; --faint: #5d6672;
  --critical: #a30d2d; --high: #b8370f; --medium: #7d5700; --low: #0b6170; --note: #5d6672; --good: #1a6b35; --mark: #ffe58a; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e5e8ec; --back: #14171b; --soft: #1d2127; --line: #363c45; --faint: #9aa3af;
    --critical: #ff7b93; --high: #ff9069; --medium: #e8b84a; --low: #66c7d6; --note: #9aa3af; --good: #74d08f; --mark: #5d4b00; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 70rem; color: var(--text); background: var(--back);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .875rem; }
pre { margin: 0; overflow-x: auto; white-space: pre; }
.grade { font-size: 2.5rem; font-weight: 700; margin-right: .75rem; }
.filter { border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .8rem; margin: 1rem 0; }
.filter label { margin-right: 1rem; white-space: nowrap; }
article { border: 1px solid var(--line); border-left: .3rem solid var(--note); border-radius: .4rem; padding: .8rem 1rem; margin: 1rem 0;
  break-inside: avoid; }
.severity { font-weight: 700; }
.place, .rule, .faint { color: var(--faint); }
ol.flow { list-style: none; margin: .8rem 0; padding: 0; }
ol.flow > li { position: relative; padding: 0 0 .8rem 1.6rem; }
ol.flow > li::before { content: ""; position: absolute; left: .3rem; top: .45rem; width: .65rem; height: .65rem; border-radius: 50%;
  background: var(--faint); }
ol.flow > li:last-child::before { background: var(--high); }
ol.flow > li:not(:last-child)::after { content: ""; position: absolute; left: .57rem; top: 1.1rem; bottom: -.35rem; width: 2px;
  background: var(--line); }
ol.flow pre, .lines { background: var(--soft); padding: .3rem .6rem; border-radius: .3rem; }
mark { color: inherit; background: var(--mark); }
del { color: var(--critical); text-decoration: none; } ins { color: var(--good); text-decoration: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .6rem 0; } dt { color: var(--faint); } dd { margin: 0; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); }
.critical { border-left-color: var(--critical); } .critical .severity { color: var(--critical); }
.high { border-left-color: var(--high); } .high .severity { color: var(--high); }
.medium { border-left-color: var(--medium); } .medium .severity { color: var(--medium); }
.low { border-left-color: var(--low); } .low .severity { color: var(--low); }
body:has(#show-critical:not(:checked)) article.critical, body:has(#show-high:not(:checked)) article.high,
body:has(#show-medium:not(:checked)) article.medium, body:has(#show-low:not(:checked)) article.low,
body:has(#show-note:not(:checked)) article.note { display: none; }
@media print { body { max-width: none; padding: 0; } .filter { display: none; } pre { white-space: pre-wrap; } details > * { display: block; } }
`
