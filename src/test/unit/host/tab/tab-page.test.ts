import assert from 'node:assert/strict';
import { tabPage } from '../../../../host/tab/tab-page';

describe('the page of a tab', () => {
  const page = tabPage({
    title: 'Ships & <b>',
    element: 'portside-panel',
    script: 'https://x/panel.js?a=1&b="',
    nonce: 'n0nce',
    language: 'en"><b>',
  });

  it('allows one script with its nonce and nothing else', () => {
    assert.match(
      page,
      /content="default-src 'none'; script-src 'nonce-n0nce'; base-uri 'none'; form-action 'none'"/,
    );
    assert.equal(page.match(/<script/g)?.length, 1);
    assert.match(page, /<script type="module" nonce="n0nce"/);
    assert.doesNotMatch(page, /unsafe|<style|\son\w+=/);
  });

  it('holds the one element that is the page', () => {
    assert.match(page, /<body>\s*<portside-panel><\/portside-panel>\s*<script/);
  });

  it('escapes what is put into it', () => {
    assert.match(page, /src="https:\/\/x\/panel\.js\?a=1&#38;b=&#34;"/);
    assert.match(page, /<title>Ships &#38; &#60;b&#62;<\/title>/);
    assert.doesNotMatch(page, /<b>/);
  });
});
