// The program of busy.js with a Pyroscope SDK, as its users set it up.
// usage: node pyro.js MODULE URL
'use strict'

const [name, url] = process.argv.slice(2)
const sdk = require(name)

function rideSomeBike (until) {
  let sum = 0
  while (Date.now() < until) sum += Math.sqrt(sum + 1)
  return sum
}

sdk.init({
  serverAddress: url,
  appName: 'live.demo',
  tags: { region: 'eu', crew: 'blue team', team: 'blue' },
  basicAuthUser: 'me',
  basicAuthPassword: 'sesame',
  tenantID: 'tenant-1',
  flushIntervalMs: 1500,
  wall: { samplingDurationMs: 1500, collectCpuTime: true }
})
sdk.start()
require('./busy.js')
// Versions before 0.3 have no labels of samples.
if (sdk.wrapWithLabels) {
  setInterval(() => sdk.wrapWithLabels({ vehicle: 'bike' },
    () => rideSomeBike(Date.now() + 20)), 100)
}
