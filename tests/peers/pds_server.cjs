// A real Bluesky server (PDS) with a register of names (PLC) that lives in memory, on loopback.
// Asked with: node pds_server.cjs FOLDER-OF-NODE-MODULES FOLDER-FOR-DATA PLC-PORT PDS-PORT
const crypto = require('node:crypto')
const path = require('node:path')
const { createRequire } = require('node:module')

const [modules, data, plcPort, pdsPort] = process.argv.slice(2)
const installed = createRequire(path.join(modules, 'here.js'))
const { PlcServer, Database } = installed('@did-plc/server')
const { PDS, envToCfg, envToSecrets } = installed('@atproto/pds')
const secret = () => crypto.randomBytes(32).toString('hex')

const start = async () => {
  const plc = PlcServer.create({ db: Database.mock(), port: Number(plcPort) })
  await plc.start()
  const env = {
    port: Number(pdsPort),
    hostname: 'localhost',
    devMode: true,
    disableSsrfProtection: true,
    serviceHandleDomains: ['.test'],
    inviteRequired: false,
    rateLimitsEnabled: false,
    crawlers: [],
    dataDirectory: data,
    blobstoreDiskLocation: path.join(data, 'blobs'),
    didPlcUrl: `http://localhost:${plcPort}`,
    adminPassword: secret(),
    dpopSecret: secret(),
    jwtSecret: secret(),
    plcRotationKeyK256PrivateKeyHex: secret(),
  }
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
  const stop = async () => {
    await pds.destroy().catch(() => {})
    await plc.destroy().catch(() => {})
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

start().catch((error) => {
  console.error(error)
  process.exit(1)
})
