// A program with something to see in each profile: it burns, keeps, answers.
'use strict'

const http = require('http')

const kept = []

function burnSomeTime (until) {
  let sum = 0
  while (Date.now() < until) sum += Math.sqrt(sum + 1)
  return sum
}

function keepSomeMemory () {
  kept.push(new Array(50000).fill('kept'))
  if (kept.length > 50) kept.shift()
}

const server = http.createServer((request, response) => {
  burnSomeTime(Date.now() + 30)
  keepSomeMemory()
  response.end('done\n')
}).listen(0, '127.0.0.1', () => {
  const port = server.address().port
  setInterval(() => http.get({ host: '127.0.0.1', port, path: '/busy' },
    answer => answer.resume()).on('error', () => {}), 60)
})

process.on('SIGTERM', () => process.exit(0))
