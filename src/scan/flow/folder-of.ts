/** `admin/users` of `Admin::UsersController`: where the templates of a class's functions are. */
export function folderOf(owner: string): string {
  return owner
    .replace(/Controller$/, '')
    .replaceAll('::', '/')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
