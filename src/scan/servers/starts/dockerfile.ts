import { commandOf, contextOf, imagePlace, readDockerfile } from '../dockerfile.ts'
import type { StartReader } from '../start-reader.ts'
import { startsOf } from '../starts-of.ts'

export const dockerfile: StartReader = {
  id: 'dockerfile',
  title: 'Dockerfile',
  *read(tree) {
    for (const path of tree.paths) {
      if (!/(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$|\.[Dd]ockerfile$/.test(path)) continue
      const file = tree.file(path)
      const image = file && readDockerfile(tree, file, contextOf(path))
      const place = image && imagePlace(file, image)
      const command = image && commandOf(image.entrypoint?.command, image.command?.command)
      if (place && command !== undefined)
        yield* startsOf(tree, command, {
          ...place,
          ...(/\.(?:dev|development|test|ci)$|(?:^|\/)\.devcontainer\//.test(path) ? { isDevelopment: true } : {}),
        })
    }
  },
  documentation: 'https://docs.docker.com/reference/dockerfile/',
}
