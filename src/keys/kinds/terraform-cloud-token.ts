import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { phantomMark } from '../random.ts'

export const terraformCloudToken: KeyKind = {
  id: 'terraform-cloud-token',
  title: 'HCP Terraform token',
  use: 'travels',
  fits: /[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{60,70}/,
  hosts: ['app.terraform.io', 'app.eu.terraform.io'],
  carriers: [bearerCarrier],
  environment: ['TFE_TOKEN', 'TFC_TOKEN', 'TF_API_TOKEN', 'TF_CLOUD_TOKEN', 'TF_TOKEN_app_terraform_io'],
  baseUrls: [{ variable: 'TFE_ADDRESS', path: '' }],
  example: (random) => `${random.base62(14)}.atlasv1.${random.base62(67)}`,
  phantom: (random, like) => `${phantomMark}${random.base62(7)}.atlasv1.${random.base62(like.length - 23)}`,
  documentation: 'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
}
