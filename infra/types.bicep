@export()
@description('Texts by name: tags, app settings.')
type texts = { *: string }

@export()
@description('Somebody in the directory: the object id of a group, a user, or a service principal (of a workload identity, the one of its enterprise application).')
@sealed()
type principal = {
  id: string
  type: 'Group' | 'User' | 'ServicePrincipal'
}
