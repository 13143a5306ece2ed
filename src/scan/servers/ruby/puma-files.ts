import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import { findFile, joinPath } from '../find-file.ts'
import { type PumaConfiguration, readPumaConfiguration } from './puma-configuration.ts'
import type { RackStart } from './rack-starts.ts'

export interface FoundConfiguration extends PumaConfiguration {
  readonly file: SourceFile
}

export function configurationsOf(tree: Tree, start: RackStart): FoundConfiguration[] {
  return configurationPaths(tree, start).flatMap((path) => {
    const file = tree.file(path)
    const root = tree.form(path)
    return file && root ? [{ ...readPumaConfiguration(file, root, start.environment), file }] : []
  })
}

/** The files that such a start reads: those that it names, or the first of the two that Puma looks for. */
export function configurationPaths(tree: Tree, { configuration, folder, stage }: RackStart): string[] {
  if (configuration) return configuration.flatMap((path) => (path === '-' ? [] : (findFile(tree, folder, path) ?? [])))
  const stages = stage === undefined ? ['production', 'development'] : [stage]
  const paths = [...stages.map((name) => `config/puma/${name}.rb`), 'config/puma.rb'].map((path) =>
    joinPath(folder, path),
  )
  const first = paths.find((path) => tree.file(path))
  return first === undefined ? [] : [first]
}

/** Files that Puma looks for, or whose name says that they are for it. */
export function pumaConfigurations(tree: Tree): string[] {
  return tree.paths.filter((path) =>
    /(?:^|\/)config\/puma(?:\/[\w-]+)?\.rb$|(?:^|\/)puma(?:[_.-][\w-]+)?\.rb$/.test(path),
  )
}

/** The folder of the program that a configuration file of it belongs to. */
export function programOf(path: string): string {
  return path.replace(/(?:(?:^|\/)config(?:\/puma)?)?\/?[^/]*$/, '')
}
