import assert from 'node:assert/strict';
import { panelPage } from '../../../../host/panel/panel-page';

describe('the page of the settings panel', () => {
  const page = panelPage({ script: 'https://x/panel.js?a=1&b="', nonce: 'n0nce', language: 'en"><b>' });

  it('allows one script with its nonce and nothing else', () => {
    assert.match(
      page,
      /content="default-src 'none'; script-src 'nonce-n0nce'; base-uri 'none'; form-action 'none'"/,
    );
    assert.equal(page.match(/<script/g)?.length, 1);
    assert.match(page, /<script type="module" nonce="n0nce"/);
    assert.doesNotMatch(page, /unsafe|<style|\son\w+=/);
  });

  it('escapes what is put into it', () => {
    assert.match(page, /src="https:\/\/x\/panel\.js\?a=1&#38;b=&#34;"/);
    assert.doesNotMatch(page, /<b>/);
  });
});
