/** Every bound of the product, named once. Times in milliseconds, sizes in bytes, both in the name. */
export const limits = {
  /** Request and response heads; nginx allows 32 KiB, Node 16 KiB. */
  headBytesMax: 65_536,
  fieldsMax: 256,
  targetBytesMax: 16_384,
  chunkLineBytesMax: 4_096,
  interimAnswersMax: 32,
  trailerBytesMax: 16_384,
  /** From the first byte of a head (or the accept) to its end. */
  headTimeoutMs: 20_000,
  idleTimeoutMs: 75_000,
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 10_000,
  /** Names that are looked up at once for hosts with a key, and as many for the others. */
  lookupsMax: 8,
  /** From the end of a request to the first byte of its answer, and between bytes after that. */
  answerTimeoutMs: 120_000,
  http2StreamsMax: 100,
  /** What a client may send ahead on one stream; as much of it may wait in memory. */
  http2RequestWindowBytes: 65_535,
  /** What an upstream may send ahead; the most of it waits in the system's buffers. */
  http2AnswerWindowBytes: 1_048_576,
  /** Of an answer that its client does not take; more is not read. */
  http2HeldAnswerBytesMax: 65_536,
  http2ContinuationsMax: 32,
  /** Acknowledgements and the like that a peer does not take. */
  http2ControlBytesMax: 16_384,
  /** Streams that end in a reset: so many at once, and a tenth of it each second. */
  http2ResetsMax: 200,
  /** Frames that carry nothing (PING, SETTINGS, PRIORITY, empty DATA): so many at once, and a tenth of it each second. */
  http2IdleFramesMax: 1_000,
  connectionsMax: 10_000,
  upstreamIdleMax: 64,
  upstreamIdleTimeoutMs: 55_000,
  drainTimeoutMs: 10_000,
  keyBytesMax: 8_192,
  /** Shorter ones would be found by chance in what comes back. */
  keyBytesMin: 8,
  /** A body that must be had whole before its head can be written: to be signed, or to have a phantom replaced in it. */
  heldBodyBytesMax: 8_388_608,
  /** All of them together. */
  heldBodiesBytesMax: 67_108_864,
  /** A chunk of a body that AWS's SDKs sign chunk by chunk is held until it is whole; theirs have 64 KiB to 1 MiB. */
  awsChunkBytesMax: 8_388_608,
  /** How far the time of a request that is signed for AWS may be from ours: what AWS itself allows. */
  awsClockSkewMs: 900_000,
  /** How long a presigned URL of AWS's may be good for: seven days. */
  awsPresignedMs: 604_800_000,
  /**
   * Silence after which what is held back of an answer, to see whether it becomes a key, is let go. Longer than Linux
   * waits with an acknowledgement (40 ms): a server that writes in two pieces waits for it between them (RFC 896).
   */
  holdBackMs: 60,
  /** Between two attempts to write to an output that somebody else made non-blocking and that takes nothing. */
  outputRetryMs: 5,
  contentCodingsMax: 2,
  /** Windows of compressed answers (RFC 9659: 8 MiB for zstd). */
  decoderWindowBytesMax: 8_388_608,
  websocketControlBytesMax: 125,
  keysMax: 1_000,
  storeTimeoutMs: 10_000,
  /** Short-lived children of stores that run at once; the rest wait. */
  childrenMax: 4,
  storeFileBytesMax: 16_777_216,
  configBytesMax: 1_048_576,
  baselineBytesMax: 67_108_864,
  certificateBytesMax: 65_536,
  certificateFileBytesMax: 4_194_304,
  chainLengthMax: 8,
  leafCacheMax: 1_000,
  /** Larger files are not read by the scanner, and larger sources are searched for keys but not parsed. */
  scanFileBytesMax: 268_435_456,
  scanSourceBytesMax: 2_097_152,
  /** Findings of one rule in one file, program or tree. */
  scanFindingsMax: 5_000,
  /** Larger files are searched for keys in parts of this size. */
  scanWindowBytes: 8_388_608,
  /** What of each part belongs to its neighbours too, on each side: more than any key has. */
  scanWindowOverlapBytes: 65_536,
  /** Contents of files that a thread of the scanner holds, and source whose form it holds: of what was used last. */
  scanHeldBytesMax: 33_554_432,
  scanHeldSourceBytesMax: 4_194_304,
  /** Levels of Ruby's tree; what is nested deeper is left out. Chains (`a.b.c`, `a + b`, `elsif`) are one level. */
  rubyDepthMax: 400,
  /** Parts of the path of a constant; a longer one is taken for none that is known. */
  rubyNamePartsMax: 64,
  /** Of `&&`, `||`, `and` and `or` in lines that all have one: of texts with more Ruby's parser takes time as its square. */
  rubyChainMax: 5_000,
  /** Mistakes of one text that are told; the rest of them is not. */
  rubyProblemsMax: 20,
  /** Characters of an element's attributes in Haml; after so many that are not closed no others are looked for. */
  templateAttributesMax: 4_096,
  templateProblemsMax: 20,
  scanFilesMax: 1_000_000,
  /** Files that are parsed; what is known of one takes about four kilobytes of memory once its program is followed. */
  scanSourceFilesMax: 60_000,
  scanIgnoreFileBytesMax: 1_048_576,
  /** Of names with patterns in files that ignore: characters, or whole patterns; what is not compared is read. */
  scanIgnoreStepsMax: 300_000_000,
  /** Files that a thread of the scanner is given at once. */
  scanBatchFilesMax: 24,
  /** What earlier scans have found: all of it, one value of it, and files of a tree that is remembered at all. */
  scanCacheBytesMax: 536_870_912,
  scanCacheFileBytesMax: 268_435_456,
  scanCacheFilesMax: 200_000,
  /** A file that was written later than this before a scan may be written again within the same tick of its clock. */
  scanCacheSettledMs: 2_000,
  /** Of these batches as many may be waiting or worked on at once. */
  scanBatchesMax: 64,
  /** Smaller trees are scanned without threads: files, and bytes of them. */
  scanAloneFilesMax: 48,
  scanAloneBytesMax: 262_144,
  /** The last resort, after bounds that do not depend on the machine. */
  scanFileTimeoutMs: 60_000,
  scanProgramTimeoutMs: 600_000,
  /** One reader of starts or listeners, one rule about the tree. */
  scanStepTimeoutMs: 30_000,
  scanWatchMs: 1_000,
  /** `--watch`: how long nothing may have changed before a scan, how often to look without watchers, and their number. */
  scanWatchQuietMs: 100,
  scanWatchPollMs: 2_000,
  scanWatchedFoldersMax: 20_000,
  scanThreadMemoryMebibytesMax: 2_048,
  scanDepthMax: 100,
  /** Configuration in YAML or JSON; an alias costs what it stands for. */
  yamlBytesMax: 4_194_304,
  yamlNodesMax: 200_000,
  yamlDepthMax: 100,
  yamlIndentMax: 2_000,
  /** A shell text of more commands, and scripts that start scripts deeper, are not followed to their end. */
  scanCommandsMax: 2_000,
  scanScriptDepthMax: 5,
  /** Commands that are looked at for all starts of a tree, those of a script each time that it is called; bytes of
   * scripts count a little too. */
  scanCommandsOfTreeMax: 50_000,
  scanScriptBytesMax: 262_144,
  /** Variables looked up in one configuration file that is a program. */
  scanVariablesMax: 2_000,
  /** Configuration of servers: how deep blocks are nested, and what a file may take in by including others. */
  configurationDepthMax: 64,
  configurationIncludesMax: 500,
  configurationDirectivesMax: 200_000,
  /** Characters of a value once variables are filled in: sixty that double each other would stand for billions. */
  configurationTextMax: 65_536,
  /** Variables that are looked up to know one value, those in the values of others counted each time. */
  configurationLookupsMax: 1_000,
  /** Starts of one sort; each program is followed with all of them at hand. */
  scanStartsMax: 5_000,
  /** Listeners of a tree that are compared with each other. */
  listenersMax: 1_000,
  /** Backends that one listener chooses between. */
  proxyRoutesMax: 500,
  /** Private keys of a repository that are read to see whose they are. */
  privateKeysReadMax: 1_000,
  /** Of the follower: steps for a program and for one function or file of it, calls inside of calls, rounds, and the
   * bytes of source that are followed. */
  scanStepsMax: 12_000_000,
  scanRootStepsMax: 400_000,
  scanCallDepthMax: 14,
  /** Characters of a text that the follower puts together; of a longer one the middle is left out. */
  scanBuiltTextMax: 4_096,
  /** Templates behind the code of a file or in texts of it. */
  scanInlineTemplatesMax: 200,
  /** Variables and entries that a value depends on, which are looked at for tests. */
  scanGuardNamesMax: 200,
  /** Calls inside of calls that nothing worth following was handed to. */
  scanPlainDepthMax: 2,
  scanRoundsMax: 24,
  scanFollowedBytesMax: 134_217_728,
  /** Bytes of source whose code the follower holds at a time. */
  scanHeldUnitBytesMax: 41_943_040,
  /** A thread of the scanner that has nothing to do for so long is ended. */
  scanThreadIdleMs: 1_000,
  /** Of all packs of a repository; each costs about 70 bytes of memory. */
  historyObjectsMax: 4_000_000,
  /** Larger versions of files are not searched. */
  historyObjectBytesMax: 33_554_432,
  historyLooseObjectsMax: 1_000_000,
  /** git itself makes chains of at most 4,095 deltas. */
  historyChainMax: 10_000,
  /** Versions of one chain that wait for what is made of them. */
  historyHeldBytesMax: 134_217_728,
  /** What a whole history may come to when it is unpacked (128 GiB), so that a bomb ends. */
  historyUnpackedKibMax: 134_217_728,
  /** Of a thread that reads a history; with little for what is new, or buffers that are done with would pile up. */
  historyThreadMemoryMebibytesMax: 1_024,
  historyThreadNewMebibytesMax: 16,
  historyNamesBytesMax: 67_108_864,
  historyMissingMax: 100_000,
  /** Paths of secrets, all together and of one. */
  historyPathsMax: 1_000_000,
  historyPathsOfOneMax: 50,
  gitRefsMax: 1_000_000,
  gitIndexBytesMax: 536_870_912,
  gitPathBytesMax: 65_536,
  /** Commits that --since looks at. */
  gitCommitsMax: 1_000_000,
  gitRefsBytesMax: 134_217_728,
  gitReflogBytesMax: 67_108_864,
  gitParentsMax: 1_000,
  demoAnswerTimeoutMs: 10_000,
  demoStartTimeoutMs: 20_000,
  demoCommandTimeoutMs: 60_000,
  demoStopTimeoutMs: 5_000,
  /** apt-get waits for other installations, up to ten minutes. */
  demoInstallTimeoutMs: 1_200_000,
  demoOutputBytesMax: 8_388_608,
} as const
