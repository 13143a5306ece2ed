import type { Language } from '../language.ts'
import { ruby } from './ruby/ruby.ts'

export const languages: readonly Language[] = [ruby]
