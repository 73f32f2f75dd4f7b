// How the playground's Node-RED runs: for this machine's own user, on loopback, without anything that calls home.
const here = ['127.0.0.1', 'localhost'];

// A page elsewhere could give a name of its own the address of this machine, and so reach an editor that asks for no password.
const onlyFromHere = (request, response, next) => (here.includes((request.headers.host || '').split(':')[0]) ? next() : response.sendStatus(403));

// Whoever started us holds the other end: when they are gone, so is the reason to run.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();

module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.PLAYGROUND_PORT),
  lang: 'en-US',
  flowFile: 'flows.json',
  apiMaxLength: '100mb',
  httpAdminMiddleware: onlyFromHere,
  httpNodeMiddleware: onlyFromHere,
  functionExternalModules: false,
  externalModules: { autoInstall: false, palette: { allowInstall: false } },
  telemetry: { enabled: false, updateNotification: false },
  logging: { console: { level: 'info' } },
  editorTheme: {
    page: { title: 'CloudConvert playground' },
    header: { title: 'CloudConvert playground' },
    palette: { categories: ['CloudConvert', 'common', 'function', 'network', 'sequence', 'parser', 'storage'] },
    tours: false,
    projects: { enabled: false },
  },
};
