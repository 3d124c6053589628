// The pool alone: undici's index would load fetch and WebSocket and set a global dispatcher, which a guest of the
// extension host must not do.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}
