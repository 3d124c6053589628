import assert from 'node:assert/strict';
import { listeningInodes, readLsof, readNetstat } from '../../../../host/doctor/port-holder';

describe('who holds a port', () => {
  it('is looked for among listening sockets alone, by the port in hexadecimal', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1F6D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0 100 0 0 10 0',
      '   1: 0100007F:1F6D 0100007F:A1B2 01 00000000:00000000 00:00000000 00000000  1000        0 4343 1 0 20 4 30 10 -1',
      '   2: 0100007F:1F6E 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4444 1 0 100 0 0 10 0',
    ].join('\n');
    assert.deepEqual(listeningInodes(table, 8045), ['4242']);
    assert.deepEqual(listeningInodes(table, 80), []);
  });

  it('is read from lsof', () => {
    assert.deepEqual(readLsof('p4711\ncnode\nf23\n'), { pid: 4711, name: 'node' });
    assert.deepEqual(readLsof('p4711\n'), { pid: 4711 });
    assert.equal(readLsof(''), undefined);
  });

  it('is read from netstat, in any language of Windows', () => {
    const table = [
      '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
      '  TCP    127.0.0.1:8045         127.0.0.1:50123        HERGESTELLT      99',
      '  TCP    127.0.0.1:18045        0.0.0.0:0              ABHÖREN          77',
      '  TCP    127.0.0.1:8045         0.0.0.0:0              ABHÖREN          4711',
    ].join('\r\n');
    assert.equal(readNetstat(table, 8045), 4711);
    assert.equal(readNetstat(table, 9999), undefined);
  });
});
