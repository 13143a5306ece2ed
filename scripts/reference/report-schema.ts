import { reportSchema } from '../../src/report/report-schema.ts'

export const page = {
  path: 'schema/report.json',
  content: async (): Promise<string> => `${JSON.stringify(reportSchema, null, 2)}\n`,
}
