// The pool alone: undici's index would load fetch and WebSocket and set a global dispatcher, which a guest of the
// extension host must not do. Its connector is what the pool itself loads.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici';
  export default buildConnector;
}
