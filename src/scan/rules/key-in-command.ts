import { keyLeaks } from '../key-leaks.ts'
import type { Rule } from '../rule.ts'

export const keyInCommand: Rule = {
  id: 'key-in-command',
  about: 'program',
  title: 'API key is among the arguments of a program',
  severity: 'medium',
  cwe: 214,
  explanation: `A program is started with a key among its arguments, or in a line that a shell reads.

Every user of the machine can read the arguments of every process (\`ps\`, \`/proc/PID/cmdline\`), the audit log and
monitoring agents keep them, and a shell's errors repeat them.

**Fix.** Hand the key over in the child's environment (\`system({ 'TOKEN' => key }, 'deploy')\`: other users cannot read that),
on its standard input (\`stdin_data:\`; \`curl --config -\`), or call the API from Ruby.`,
  examples: {
    bad: [
      "def publish\n  system(\"curl -s -H 'Authorization: Bearer #{ENV['DEPLOY_TOKEN']}' https://deploy.example.com/run\")\nend",
      "require 'open3'\nKEY = ENV.fetch('SCAN_API_KEY')\ndef scan(path)\n  out, status = Open3.capture2e('scanner', '--api-key', KEY, path)\n  status.success? ? out : nil\nend",
      "class Mirror\n  def token\n    @token ||= ENV.fetch('GIT_TOKEN')\n  end\n\n  def clone(name)\n    `git clone https://x:#{token}@git.example.com/#{name}.git`\n  end\nend",
      "require 'tty-command'\ncommand = TTY::Command.new\ncommand.run('aws', 'configure', 'set', 'aws_secret_access_key', ENV['AWS_SECRET_ACCESS_KEY'])",
      "desc 'publishes the package'\ntask :publish do\n  sh \"gem push pkg/app.gem --key #{ENV['GEM_HOST_API_KEY']}\"\nend",
    ],
    good: [
      "system({ 'TOKEN' => ENV['DEPLOY_TOKEN'] }, 'deploy', 'run')",
      "require 'open3'\nOpen3.capture2('scanner', '--key-from-stdin', stdin_data: ENV.fetch('SCAN_API_KEY'))",
      "environment = { 'GIT_TOKEN' => ENV.fetch('GIT_TOKEN') }\npid = Process.spawn(environment, 'mirror', '--all')\nProcess.wait(pid)",
      "require 'open3'\nIO.popen(['deploy', '--stdin'], 'w') { |io| io.write(ENV['DEPLOY_TOKEN']) }",
    ],
  },
  *check({ flows }) {
    yield* keyLeaks(flows, 'command', {
      verb: 'starts a program with',
      where: 'among its arguments',
      fix: (names) =>
        `Hand ${names} to the program in its environment or on its standard input: other users of the machine see its arguments.`,
    })
  },
}
