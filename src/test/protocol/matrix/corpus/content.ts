/** Text, images, files, audio, system prompts. */
import { conversation, PDF, PNG, TRICKY, user, WAV } from './case';
import type { Case } from './case';

const image = { type: 'image', mediaType: 'image/png', data: PNG } as const;

export const CONTENT: Case[] = [
  conversation('plain text'),
  conversation('tricky text', { turns: [user(TRICKY)] }, { answer: { text: TRICKY } }),
  conversation('a lone space as an answer', {}, { answer: { text: ' ' } }),
  conversation(
    'text between white space',
    { turns: [user('  \n leading and trailing \r\n ')] },
    { answer: { text: '\n\n  x  \n' } },
  ),
  conversation('several texts', { turns: [user('One.', 'Two.', 'Three.')] }),
  conversation('empty texts between others', { turns: [user('One.', '', 'Two.')] }),
  conversation(
    'blank texts between others',
    { turns: [user('One.', ' \n', image)] },
    { features: ['blank text'] },
  ),
  conversation('neighbours of one role', { turns: [user('One.'), user('Two.')] }),

  conversation('a system prompt', { turns: [{ role: 'system', texts: ['Be terse.'] }, user('Hi')] }),
  conversation('a system prompt of blocks', {
    turns: [{ role: 'system', texts: ['Be terse.', 'Be kind.', TRICKY] }, user('Hi')],
  }),
  conversation('several system prompts', {
    turns: [{ role: 'system', texts: ['Be terse.'] }, { role: 'system', texts: ['Be kind.'] }, user('Hi')],
  }),
  conversation(
    'a developer message',
    { turns: [{ role: 'system', texts: ['Be terse.'], developer: true }, user('Hi')] },
    { features: ['developer message'] },
  ),
  conversation(
    'a system message in the middle',
    {
      turns: [
        { role: 'system', texts: ['Be terse.'] },
        user('Hi'),
        { role: 'assistant', text: 'Yes?' },
        user('What now?'),
        { role: 'system', texts: ['The user is in a hurry.'] },
      ],
    },
    { features: ['system in the middle'] },
  ),

  conversation(
    'nothing but a system prompt',
    { turns: [{ role: 'system', texts: ['Say hello.'] }] },
    { features: ['no word of the user'] },
  ),
  conversation(
    'an answer to be continued',
    { turns: [user('Count.'), { role: 'assistant', text: 'One, two,' }] },
    { features: ['answer to be continued'] },
  ),
  conversation('an image', { turns: [user('What is this?', image)] }),
  conversation('several images between texts', { turns: [user('First:', image, 'Second:', image)] }),
  conversation('an image without text', { turns: [user(image)] }),
  conversation(
    'an image by URL',
    { turns: [user('What is this?', { type: 'image', url: 'https://example.com/cat.png' })] },
    { features: ['image by URL'] },
  ),
  conversation(
    'an image with detail',
    { turns: [user('What is this?', { ...image, detail: 'high' })] },
    { features: ['image detail'] },
  ),
  conversation(
    'a PDF without a name',
    { turns: [user('Summarise.', { type: 'pdf', data: PDF })] },
    { features: ['file without a name'] },
  ),
  conversation(
    'a PDF with a name',
    { turns: [user('Summarise.', { type: 'pdf', data: PDF, name: 'report 2026.pdf' })] },
    { features: ['file name'] },
  ),
  conversation(
    'audio',
    { turns: [user('Transcribe.', { type: 'audio', data: WAV })] },
    { features: ['audio'] },
  ),
];
