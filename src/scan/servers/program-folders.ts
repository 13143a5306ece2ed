import type { Tree } from '../tree.ts'

/** Folders of the machine in which the tree's programs lie, without a slash at the end. */
export type ProgramFolders = ReadonlySet<string>

/** As start files of every sort name them; whole lines, each read once. */
const namings: readonly { readonly path: RegExp; readonly line: RegExp }[] = [
  { path: /(?:^|\/)(?:Dockerfile|Containerfile)[\w.-]*$/, line: /^[ \t]*WORKDIR[ \t]+["']?(\/[^\s"']+)/gim },
  { path: /\.service$/, line: /^WorkingDirectory=(\/[^\s]+)/gm },
  { path: /(?:compose|docker)[\w.-]*\.ya?ml$/, line: /^[ \t]*working_dir:[ \t]*["']?(\/[^\s"']+)/gm },
  {
    path: /(?:puma|unicorn|thin)[\w.-]*\.(?:rb|yml|ru)$/,
    line: /^[ \t]*(?:directory|working_directory|chdir)[ \t:]+["']?(\/[^\s"']+)/gm,
  },
  { path: /(?:^|\/)(?:deploy|Capfile)[\w.-]*(?:\.rb)?$/, line: /^[ \t]*set[ \t]+:deploy_to,[ \t]*["'](\/[^\s"'#]+)/gm },
]

export function programFolders(tree: Tree): ProgramFolders {
  const folders = new Set<string>()
  for (const path of tree.paths)
    for (const naming of namings) {
      if (!naming.path.test(path)) continue
      for (const [, folder = ''] of tree.file(path)?.text.matchAll(naming.line) ?? [])
        folders.add(folder.replace(/\/+$/, ''))
    }
  return folders
}

const publicNames = /^(?:public|static|dist|build|html|htdocs|www|web|assets|site|_site|out)$/

/** Why a folder is none to be served whole: half a sentence; undefined where it may be. */
export function isPrivateFolder(written: string, programs: ProgramFolders): string | undefined {
  const folder = written.replace(/\/+$/, '')
  if (written === '/') return 'the whole file system'
  if (/^\/(?:etc|root|home|var|proc|opt|srv|usr)$/.test(folder)) return 'a folder of the system'
  if (publicNames.test(folder.slice(folder.lastIndexOf('/') + 1))) return undefined
  if (programs.has(folder) || programs.has(folder.replace(/\/current$/, ''))) return 'the folder of the program itself'
  if ([...programs].some((program) => program.startsWith(`${folder}/`) && folder.split('/').length > 2))
    return 'a folder above the program’s own'
  return undefined
}
