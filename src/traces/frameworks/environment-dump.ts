import type { Trace } from '../trace.ts'

/** Names that nearly every process has in its environment; three of them close together are no accident. */
const names =
  /(?:^|[^A-Za-z0-9_])(PATH|HOME|PWD|OLDPWD|USER|LOGNAME|SHELL|LANG|LC_ALL|HOSTNAME|TERM|SHLVL|RACK_ENV|APP_ENV|GEM_HOME|GEM_PATH|BUNDLE_GEMFILE|RUBYOPT|RUBYLIB|NODE_ENV|PYTHONPATH|VIRTUAL_ENV|JAVA_HOME|TMPDIR|KUBERNETES_SERVICE_HOST|AWS_REGION|DEBIAN_FRONTEND)(?:"|')?(?:=>|=|: ?| => | = |<\/t[dh]>\s?<td[^>]{0,40}>)(?:"|')?(?=[^\s"'<\0])/g
const windowBytes = 65_536
const distinctMin = 3

/** The process's environment: `/proc/PID/environ`, an inspected or JSON-encoded ENV, `env` output, a debug page's table. */
export const environmentDump: Trace = {
  id: 'environment-dump',
  title: 'Environment of the process',
  shows: 'environment',
  needles: ['PATH'],
  find(text) {
    const seen = new Map<string, number>()
    names.lastIndex = 0
    for (let match = names.exec(text); match; match = names.exec(text)) {
      const name = match[1] as string
      seen.set(name, match.index)
      for (const [other, at] of seen) if (match.index - at > windowBytes) seen.delete(other)
      if (seen.size >= distinctMin && seen.has('PATH')) {
        return {
          start: Math.min(...seen.values()),
          end: match.index + match[0].length,
          frame: [...seen.keys()].join(', '),
        }
      }
    }
    return undefined
  },
  examples: {
    shown: [
      'PATH=/usr/bin:/bin\0HOME=/root\0RACK_ENV=production\0',
      '{"HOME"=>"/root", "PATH"=>"/usr/bin", "LANG"=>"C.UTF-8"}',
      '{"PATH":"/usr/bin","PWD":"/srv","HOME":"/root"}',
      '{&quot;HOME&quot;=&gt;&quot;/root&quot;, &quot;PATH&quot;=&gt;&quot;/usr/bin&quot;, &quot;PWD&quot;=&gt;&quot;/srv&quot;}',
      'SHELL=/bin/sh\nPWD=/srv\nPATH=/usr/bin\n',
    ],
    clean: [
      'Set PATH=/opt/bin before you start.',
      'Add it to your PATH, HOME and USER variables.',
      '{"SCRIPT_NAME":"","PATH_INFO":"/","REQUEST_METHOD":"GET"}',
    ],
  },
}
