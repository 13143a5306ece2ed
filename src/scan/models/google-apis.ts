import { asks, positioned } from '../http-options.ts'
import type { Model } from '../model.ts'

const services = [
  ...['SheetsV4::SheetsService', 'DriveV3::DriveService', 'CalendarV3::CalendarService', 'GmailV1::GmailService'],
  ...['YoutubeV3::YouTubeService', 'TranslateV2::TranslateService', 'BigqueryV2::BigqueryService'],
  ...['StorageV1::StorageService', 'ComputeV1::ComputeService', 'VisionV1::VisionService', 'PubsubV1::PubsubService'],
  ...['CustomsearchV1::CustomSearchAPIService', 'CustomSearchV1::CustomSearchAPIService'],
]

const settings = { openTimeout: 60, readTimeout: 60 }

/** A service's `key` goes into the query of each URL, which is the only way that the library has. */
export const googleApis: Model = {
  id: 'google-apis',
  title: 'Google API client',
  calls: [
    { on: services.map((name) => `Google::Apis::${name}`), names: ['new'], type: 'google service' },
    { on: ['google service'], names: ['key='], holds: 'all' },
    {
      on: ['google service'],
      names: ['root_url='],
      options: [positioned('baseUrl', 0)],
      sink: asks,
      defaults: settings,
    },
    { on: ['google service'], names: ['authorization='] },
  ],
  documentation: 'https://github.com/googleapis/google-api-ruby-client',
}
