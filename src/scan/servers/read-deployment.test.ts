import { expect, it } from 'vitest'
import { scratchTree } from '../../../test/servers/scratch-tree.ts'
import { readDeployment } from './read-deployment.ts'

const startsIn = async (files: Record<string, string>) => {
  const { starts, gaps } = await readDeployment(await scratchTree(files))
  return {
    gaps,
    starts: starts.map(({ from, argv, environment, folder }) => [
      from,
      argv.join(' '),
      [...environment].map(([name, value]) => `${name}=${value}`).join(' '),
      folder,
    ]),
  }
}

const shellDollar = '$'

it.each<[string, Record<string, string>, string[][]]>([
  [
    'a Procfile',
    {
      Procfile: 'web: bundle exec puma -C config/puma.rb\n# no\nworker:  RACK_ENV=production exec env A=b rake work\n',
    },
    [
      ['procfile', 'puma -C config/puma.rb', '', ''],
      ['procfile', 'rake work', 'RACK_ENV=production A=b', ''],
    ],
  ],
  [
    'a Dockerfile in exec form, with an entry point that is a script',
    {
      Dockerfile:
        'FROM ruby:3 AS build\nRUN make\nFROM ruby:3\nENV RACK_ENV=production \\\n    # a comment\n    PORT=8080\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["/app/bin/entry"]\nCMD ["bundle", "exec", "puma", \\\n  "-p", "80"]\n',
      'bin/entry': '#!/bin/sh\nset -e\nbundle install\nexec "$@"\n',
    },
    [
      ['dockerfile', 'bundle install', 'RACK_ENV=production PORT=8080', ''],
      ['dockerfile', 'puma -p 80', 'RACK_ENV=production PORT=8080', ''],
    ],
  ],
  [
    'a Dockerfile in shell form, with another folder copied and a here-document',
    {
      'docker/Dockerfile': `FROM ruby:3\nRUN <<EOF\nCMD no\nEOF\nENV PORT 9000\nWORKDIR /srv\nCOPY services/api ./\nCMD exec puma -p ${shellDollar}{PORT:-1}\n`,
      'services/api/config.ru': 'run 1',
    },
    [['dockerfile', 'puma -p 9000', 'PORT=9000', 'services/api']],
  ],
  [
    'a compose file',
    {
      'docker-compose.yml': `x: &env\n  A: "1"\nservices:\n  web:\n    build: ./web\n    env_file: web.env\n    environment:\n      <<: *env\n      B: ${shellDollar}{B:-2}\n    ports: ["127.0.0.1:8443:8443"]\n  job:\n    image: x\n    command: ["thin", "start"]\n    environment: [C=3]\n`,
      'web.env': 'D=4\n',
      'web/Dockerfile': 'FROM ruby\nENTRYPOINT ["bundle", "exec"]\nCMD ["ruby", "app.rb"]\n',
    },
    [
      ['compose', 'ruby app.rb', 'D=4 A=1 B=2', 'web'],
      ['compose', 'thin start', 'C=3', ''],
      ['dockerfile', 'ruby app.rb', '', 'web'],
    ],
  ],
  [
    'a systemd unit',
    {
      'deploy/app.service':
        '[Service]\nUser=app\nWorkingDirectory=/srv/app\nEnvironment=RACK_ENV=production "X=a b"\nEnvironmentFile=-/srv/app/deploy/app.env\nExecStart=-/usr/bin/bundle exec puma \\\n  -p $PORT\n',
      'deploy/app.env': 'PORT=7000\n',
    },
    [['systemd', 'puma -p 7000', 'RACK_ENV=production X=a b PORT=7000', '']],
  ],
  [
    'Kubernetes manifests',
    {
      'k8s/app.yaml':
        'apiVersion: v1\nkind: Service\n---\napiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          command: [sh, -c]\n          args: ["bundle exec thin start -p $(PORT)"]\n          env: [{ name: PORT, value: "80" }]\n',
    },
    [['kubernetes', 'thin start -p 80', 'PORT=80', '']],
  ],
  [
    'a template of a manifest',
    {
      'chart/templates/app.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include "app.name" . }}\n  labels:\n    {{- include "app.labels" . | nindent 4 }}\nspec:\n  template:\n    spec:\n      containers:\n        - name: {{ .Chart.Name }}\n          command: ["bundle", "exec", "thin", "start"]\n          resources:\n            {{- toYaml .Values.resources | nindent 12 }}\n',
    },
    [['kubernetes', 'thin start', '', '']],
  ],
  [
    'an ECS task definition and a Nomad job',
    {
      'ecs/task.json':
        '{"family": "app", "containerDefinitions": [{"name": "app", "command": ["bundle", "exec", "puma", "-p", "7"], "environment": [{"name": "A", "value": "1"}]}]}\n',
      'ops/app.nomad.hcl':
        'job "app" {\n  group "g" {\n    task "app" {\n      driver = "docker"\n      env {\n        A = "1"\n      }\n      config {\n        image   = "app:1"\n        command = "bundle"\n        args    = ["exec", "rackup", "-p", "9"]\n      }\n    }\n  }\n}\n',
    },
    [
      ['nomad', 'rackup -p 9', 'A=1', ''],
      ['task-definition', 'puma -p 7', 'A=1', ''],
    ],
  ],
  [
    'scripts, tasks and npm',
    {
      'bin/server':
        '#!/usr/bin/env bash\ncd "$(dirname "$0")/.."\necho hello\nexport RACK_ENV=production\nexec bundle exec rackup -p 1\n',
      Makefile: 'run:\n\t@bundle exec ruby app.rb\n\tgit status\n',
      'package.json': '{"scripts": {"start": "puma -p 2", "build": "vite"}}',
    },
    [
      ['package-scripts', 'puma -p 2', '', ''],
      ['script', 'rackup -p 1', 'RACK_ENV=production', ''],
      ['task', 'ruby app.rb', '', ''],
    ],
  ],
  [
    'supervisord, Render, Fly and config.ru itself',
    {
      'supervisord.conf': '[program:web]\ncommand=bundle exec puma -p 3\nenvironment=A="1",B="2"\n[other]\ncommand=x\n',
      'render.yaml': 'services:\n  - type: web\n    startCommand: bundle exec puma -p 4\n',
      'fly.toml': '[env]\n  PORT = "8080"\n[processes]\n  app = "thin start -p 5"\n',
      'config.ru': '#!/usr/bin/env rackup -s thin\nrun 1\n',
    },
    [
      ['platform', 'thin start -p 5', 'PORT=8080', ''],
      ['platform', 'puma -p 4', '', ''],
      ['shebang', 'rackup -s thin config.ru', '', ''],
      ['supervisor', 'puma -p 3', 'A=1 B=2', ''],
    ],
  ],
  [
    'npm and scripts that start scripts',
    {
      Procfile: 'web: npm start',
      'package.json': '{"scripts": {"start": "./run.sh 81"}}',
      'run.sh': 'exec ./really.sh -p "$1"\n',
      'really.sh': '#!/bin/sh\nexec puma "$@"\n',
    },
    [
      ['procfile', 'puma -p 81', '', ''],
      ['script', 'puma', '', ''],
      ['script', 'puma -p $1', '', ''],
    ],
  ],
])('reads %s', async (_name, files, expected) => {
  expect((await startsIn(files)).starts).toEqual(expected)
})

it('tells of a manifest that is a template, and of YAML that is none', async () => {
  const { gaps } = await startsIn({
    'chart/templates/app.yaml':
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - command: {{ .Values.command }}\n',
    'chart/templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\ndata: {{ .Values.data }}\n',
    'compose.yaml': 'services: [\n',
  })
  expect(gaps).toHaveLength(2)
})

it('ends where scripts start each other', async () => {
  const { starts } = await startsIn({
    Procfile: 'web: ./a.sh\n',
    'a.sh': './b.sh\n./b.sh\n./b.sh\n./b.sh\n',
    'b.sh': './a.sh\n./a.sh\n./a.sh\n./a.sh\n',
  })
  expect(starts.length).toBeLessThan(10_000)
})
