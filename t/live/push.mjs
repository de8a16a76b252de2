// A client of Pyroscope's push API, by connect-es.
// usage: node push.mjs connect-json|connect-proto|grpc-web|grpc URL [-z] FILE...
// Pushes the files, gzipped messages with -z, as two series, the first file
// alone in the first; prints "ok" or the error's code and text.
import { readFileSync } from 'node:fs'
import { Code, createClient, ConnectError } from '@connectrpc/connect'
import {
  compressionGzip, createConnectTransport, createGrpcTransport,
  createGrpcWebTransport
} from '@connectrpc/connect-node'
import { create, createFileRegistry } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'

// descriptor.proto: what a field is, and how often.
const Type = { string: 9, message: 11, bytes: 12 }
const Label = { optional: 1, repeated: 3 }

function field (name, number, type, message, jsonName = name) {
  return {
    name,
    jsonName,
    number,
    type: Type[type],
    label: message ? Label.repeated : Label.optional,
    ...(message ? { typeName: message } : {})
  }
}

// push/v1/push.proto and types/v1/types.proto of grafana/pyroscope, as far as
// a push needs them.
const types = create(FileDescriptorProtoSchema, {
  name: 'types/v1/types.proto',
  package: 'types.v1',
  syntax: 'proto3',
  messageType: [{
    name: 'LabelPair',
    field: [field('name', 1, 'string'), field('value', 2, 'string')]
  }]
})
const push = create(FileDescriptorProtoSchema, {
  name: 'push/v1/push.proto',
  package: 'push.v1',
  syntax: 'proto3',
  dependency: [types.name],
  messageType: [{
    name: 'PushRequest',
    field: [field('series', 1, 'message', '.push.v1.RawProfileSeries')]
  }, {
    name: 'RawProfileSeries',
    field: [field('labels', 1, 'message', '.types.v1.LabelPair'),
      field('samples', 2, 'message', '.push.v1.RawSample')]
  }, {
    name: 'RawSample',
    field: [field('raw_profile', 1, 'bytes', '', 'rawProfile'),
      field('ID', 2, 'string')]
  }, {
    name: 'PushResponse'
  }],
  service: [{
    name: 'PusherService',
    method: [{
      name: 'Push',
      inputType: '.push.v1.PushRequest',
      outputType: '.push.v1.PushResponse'
    }]
  }]
})
const PusherService = createFileRegistry(push, () => types)
  .getService('push.v1.PusherService')

const transports = {
  'connect-json': o => createConnectTransport({ ...o, useBinaryFormat: false }),
  'connect-proto': o => createConnectTransport(o),
  'grpc-web': o => createGrpcWebTransport(o),
  grpc: o => createGrpcTransport({ ...o, httpVersion: '2' })
}

function series (name, files) {
  return {
    labels: [
      { name: '__name__', value: name },
      { name: 'service_name', value: 'pushed' },
      { name: 'region.zone', value: 'eu-1' }
    ],
    samples: files.map(f => ({ rawProfile: readFileSync(f), ID: '' }))
  }
}

const [protocol, baseUrl, ...args] = process.argv.slice(2)
const zip = args[0] === '-z' && args.shift()
const client = createClient(PusherService, transports[protocol]({
  baseUrl,
  httpVersion: '1.1',
  ...(zip ? { sendCompression: compressionGzip, compressMinBytes: 0 } : {})
}))

try {
  await client.push({
    series: [series('process_cpu', args.slice(0, 1)),
      series('memory', args.slice(1))]
  }, { timeoutMs: 20000 })
  console.log('ok')
} catch (error) {
  const { code, rawMessage } = ConnectError.from(error)
  console.log(Code[code], rawMessage)
}
