// How the playground's Node-RED runs: for this machine's own user, on loopback, without anything that calls home.
const here = ['127.0.0.1', 'localhost'];

// The editor asks for no password. A page elsewhere could send it a form, or give a name of its own the address of this machine.
const isOurs = ({ host = '', origin }) => here.includes(host.split(':')[0]) && (!origin || origin === `http://${host}`);
const onlyFromHere = (request, response, next) => (isOurs(request.headers) ? next() : response.sendStatus(403));

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
