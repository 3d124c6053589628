import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkCertificates } from '../../../../../host/doctor/checks/certificates';

describe('the doctor on agents’ certificates', () => {
  it('is content where no variable is set, or its file is there', async () => {
    const { find, machine } = bench();
    assert.deepEqual(await find(checkCertificates), ['ok: No variable changes whom agents trust.']);
    machine.env = { NODE_EXTRA_CA_CERTS: process.execPath };
    assert.deepEqual(await find(checkCertificates), [`ok: NODE_EXTRA_CA_CERTS names ${process.execPath}.`]);
  });

  it('finds a file that is not there', async () => {
    const { find, press, done, machine } = bench();
    machine.env = { SSL_CERT_FILE: '/nowhere/ca.pem' };
    assert.deepEqual(await find(checkCertificates), [
      'warning: SSL_CERT_FILE names /nowhere/ca.pem, which cannot be read.',
    ]);
    assert.equal(await press(checkCertificates, /nowhere/), 'Take Away in Terminals');
    assert.deepEqual(done, ['terminal SSL_CERT_FILE=null']);
  });

  it('finds agents that trust everybody', async () => {
    const { find, machine } = bench();
    machine.terminal = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    assert.deepEqual(await find(checkCertificates), [
      'warning: NODE_TLS_REJECT_UNAUTHORIZED is 0: agents check no certificates.',
    ]);
    machine.terminal = { NODE_TLS_REJECT_UNAUTHORIZED: '1' };
    assert.deepEqual(await find(checkCertificates), ['ok: No variable changes whom agents trust.']);
  });
});
