/** Texts of all kinds and how many tokens OpenAI's o200k vocabulary makes of them. */
export const RECORDED: [kind: string, tokens: number, text: string][] = [
  [
    'english',
    113,
    'Open the file and repair the mistake in the second function, then run all of the tests again so that we know nothing else was broken. If you notice on the way that a name is misleading, rename it and say in one sentence why. The settings stay as they are; only the time limit may grow. Do not forget to complete the description in the manual, and give a short overview of everything that has changed at the end. When the connection to the database fails, the program should wait a few seconds and try once more instead of leaving at once.',
  ],
  [
    'german',
    110,
    'Bitte öffne die Datei und behebe den Fehler in der zweiten Funktion. Danach sollen alle Tests noch einmal laufen, damit wir sicher sind, dass nichts anderes kaputtgegangen ist. Wenn dir unterwegs auffällt, dass eine Bezeichnung missverständlich ist, benenne sie um und erkläre in einem kurzen Satz, weshalb. Die Einstellungen bleiben, wie sie sind; nur die Zeitgrenze darf größer werden. Vergiss nicht, die Beschreibung im Handbuch zu ergänzen, und gib am Ende eine kurze Übersicht über alles, was sich geändert hat.',
  ],
  [
    'french',
    97,
    "Ouvre le fichier et corrige l'erreur dans la deuxième fonction, puis relance tous les tests pour vérifier que rien d'autre n'a été cassé. Si tu remarques en chemin qu'un nom prête à confusion, renomme-le et explique en une phrase pourquoi. Les réglages restent tels quels ; seule la limite de temps peut être augmentée. N'oublie pas de compléter la description dans le manuel et de résumer à la fin tout ce qui a changé.",
  ],
  [
    'spanish',
    93,
    'Abre el archivo y corrige el error de la segunda función; después vuelve a ejecutar todas las pruebas para asegurarnos de que no se ha roto nada más. Si por el camino ves que algún nombre se presta a confusión, cámbialo y explica en una frase por qué. La configuración se queda como está; solo puede aumentar el límite de tiempo. No olvides completar la descripción del manual y resumir al final todo lo que ha cambiado.',
  ],
  [
    'polish',
    129,
    'Otwórz plik i popraw błąd w drugiej funkcji, a potem jeszcze raz uruchom wszystkie testy, żeby upewnić się, że nic innego się nie zepsuło. Jeśli po drodze zauważysz, że jakaś nazwa wprowadza w błąd, zmień ją i wyjaśnij w jednym zdaniu dlaczego. Ustawienia pozostają bez zmian, można tylko zwiększyć limit czasu. Nie zapomnij uzupełnić opisu w podręczniku i na końcu krótko podsumować wszystko, co się zmieniło.',
  ],
  [
    'russian',
    102,
    'Открой файл и исправь ошибку во второй функции, затем ещё раз запусти все тесты, чтобы убедиться, что больше ничего не сломалось. Если по дороге заметишь, что какое-то имя вводит в заблуждение, переименуй его и одной фразой объясни почему. Настройки остаются прежними, можно увеличить только ограничение по времени. Не забудь дополнить описание в руководстве и в конце коротко перечислить всё, что изменилось.',
  ],
  [
    'simplified Chinese',
    99,
    '请打开这个文件，修复第二个函数里的错误，然后重新运行所有测试，确认没有破坏其他功能。如果在过程中发现某个名称容易引起误解，请把它改掉，并用一句话说明原因。配置保持不变，只有超时时间可以调大。不要忘记补充手册里的说明，最后简要列出所有改动。数据库连接失败时，程序应当等待几秒再重试，而不是立即退出。',
  ],
  [
    'traditional Chinese',
    132,
    '請打開這個檔案，修正第二個函式裡的錯誤，然後重新執行所有測試，確認沒有破壞其他功能。如果在過程中發現某個名稱容易引起誤解，請把它改掉，並用一句話說明原因。設定保持不變，只有逾時時間可以調大。不要忘記補充手冊裡的說明，最後簡要列出所有變更。資料庫連線失敗時，程式應該等待幾秒再重試，而不是立即結束。',
  ],
  [
    'japanese',
    128,
    'ファイルを開いて、二番目の関数にあるエラーを修正してください。そのあと、ほかに壊れたところがないことを確かめるために、すべてのテストをもう一度実行します。途中で紛らわしい名前に気づいたら、名前を変更して、その理由を一文で説明してください。設定はそのままで、タイムアウトだけを長くしてもかまいません。マニュアルの説明も忘れずに追加し、最後に変更点を簡単にまとめてください。',
  ],
  [
    'korean',
    106,
    '파일을 열어 두 번째 함수의 오류를 고친 다음, 다른 부분이 망가지지 않았는지 확인하기 위해 모든 테스트를 다시 실행해 주세요. 작업하다가 오해하기 쉬운 이름을 발견하면 이름을 바꾸고 그 이유를 한 문장으로 설명해 주세요. 설정은 그대로 두고 시간 제한만 늘려도 됩니다. 설명서의 내용도 잊지 말고 보충하고, 마지막에 바뀐 점을 모두 간단히 정리해 주세요.',
  ],
  [
    'arabic',
    100,
    'افتح الملف وأصلح الخطأ الموجود في الدالة الثانية، ثم شغّل جميع الاختبارات مرة أخرى للتأكد من أن شيئا آخر لم يتعطل. إذا لاحظت أثناء العمل أن أحد الأسماء قد يسبب سوء فهم، فغيّره واشرح السبب في جملة واحدة. تبقى الإعدادات كما هي، ويمكن زيادة المهلة الزمنية فقط. لا تنس إكمال الوصف في الدليل، ثم لخّص في النهاية كل ما تغير.',
  ],
  [
    'emoji',
    103,
    'Great job 🎉🚀 all tests ✅ pass, but ⚠️ one is slow 🐢. 👨‍👩‍👧‍👦 family 🇩🇪🇫🇷 flags 👍🏽 thumbs 😀😂🤣😊 Great job 🎉🚀 all tests ✅ pass, but ⚠️ one is slow 🐢. 👨‍👩‍👧‍👦 family 🇩🇪🇫🇷 flags 👍🏽 thumbs 😀😂🤣😊 ',
  ],
  [
    'typescript',
    388,
    "import type { Json, JsonObject } from '../../../shared/json';\nimport { isObject } from '../../../shared/json';\n\n/**\n * What a local `$ref` (`#`, `#/$defs/Node`, `#anchor`) points to in `root`; undefined when it points outside or\n * nowhere. RFC 6901 pointers, percent-decoded as JSON Schema 2020-12 §8.2 asks.\n */\nexport function resolveReference(root: JsonObject, reference: string): JsonObject | boolean | undefined {\n  if (!reference.startsWith('#')) return undefined;\n  if (reference === '#' || reference === '#/') return root;\n  if (!reference.startsWith('#/')) return findAnchor(root, reference.slice(1));\n  let value: Json | undefined = root;\n  for (const segment of reference.slice(2).split('/')) {\n    const key = decode(segment).replaceAll('~1', '/').replaceAll('~0', '~');\n    if (Array.isArray(value)) value = value[Number(key)];\n    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];\n    else return undefined;\n  }\n  return isObject(value) || typeof value === 'boolean' ? value : undefined;\n}\n\nfunction decode(segment: string): string {\n  try {\n    return decodeURIComponent(segment);\n  } catch {\n    return segment;\n  }\n}\n\n/** Only definitions carry anchors in practice; the whole tree is not searched. */\nfunction findAnchor(root: JsonObject, name: string): JsonObject | undefined {\n  for (const key of ['$defs', 'definitions']) {\n    const definitions = root[key];\n    if (!isObject(definitions)) continue;\n    for (const definition of Object.values(definitions))\n      if (isObject(definition) && definition['$anchor'] === name) return definition;\n  }\n  return undefined;\n}\n",
  ],
  [
    'python',
    212,
    'import asyncio\nimport logging\nfrom dataclasses import dataclass, field\n\nlogger = logging.getLogger(__name__)\n\n\n@dataclass\nclass Account:\n    """One credential of a provider."""\n\n    name: str\n    key: str = field(repr=False)\n    failures: int = 0\n\n    @property\n    def is_healthy(self) -> bool:\n        return self.failures < 3\n\n\nasync def fetch_all(accounts: list[Account], timeout: float = 10.0) -> dict[str, bytes]:\n    results: dict[str, bytes] = {}\n    for account in accounts:\n        if not account.is_healthy:\n            logger.warning("skipping %s after %d failures", account.name, account.failures)\n            continue\n        try:\n            async with asyncio.timeout(timeout):\n                results[account.name] = await fetch(account)\n        except (TimeoutError, OSError) as error:\n            account.failures += 1\n            logger.exception("request failed", exc_info=error)\n    return results\n',
  ],
  [
    'a tool schema',
    152,
    '{"type":"object","properties":{"file_path":{"type":"string","description":"The absolute path of the file to change"},"old_string":{"type":"string","description":"The text to replace"},"new_string":{"type":"string","description":"The text to put in its place (must differ from old_string)"},"replace_all":{"type":"boolean","default":false,"description":"Replace every occurrence of old_string"},"edits":{"type":"array","items":{"type":"object","properties":{"line":{"type":"integer","minimum":1},"kind":{"enum":["insert","delete"]}},"required":["line","kind"],"additionalProperties":false}}},"required":["file_path","old_string","new_string"],"additionalProperties":false}',
  ],
  [
    'indented JSON',
    131,
    '{\n  "name": "demo",\n  "version": "1.4.2",\n  "scripts": {\n    "build": "node esbuild.mjs --production",\n    "test": "mocha out/test"\n  },\n  "dependencies": {\n    "hono": "^4.13.19",\n    "undici": "^7.30.2",\n    "zod": "^4.6.7"\n  },\n  "files": [\n    "dist",\n    "media",\n    "README.md"\n  ],\n  "engines": {\n    "node": ">=22.13"\n  }\n}',
  ],
  [
    'markdown',
    506,
    "# Architecture\n\nA request goes through five steps: **guard → decode → resolve → send → encode**.\n\n- **guard** (`src/proxy/access`): host name, client address, origin, key; in this order.\n- **decode** (`src/proxy/dialects/<client>`): the client's protocol (\"dialect\") becomes one canonical request.\n- **resolve** (`src/proxy/routing`, `src/proxy/pool`): routes and model names pick accounts; the pool orders them.\n- **send** (`src/proxy/upstream`): one undici pool per origin, raw handlers.\n- **encode** (`src/proxy/dialects/<client>`): the upstream's answer, decoded into canonical parts, becomes the client's.\n\nWhen client and account speak the same dialect, decode and encode fall away: `routes/pass-through.ts` moves bytes.\n\n## Where things are\n\n```\nsrc/\n  extension.ts        composition root of the editor's side\n  shared/             pure data: settings, messages, status, records, snippets\n  proxy/              the product; plain Node, knows nothing of VS Code\n    index.ts          its face: createProxy(host) → configure, start, stop, status, onChange, testAccount\n    create-proxy.ts   owns the state: settings, pool, connections, server\n    server.ts app.ts  listening and draining; checks and route table\n    thread.ts         the worker's entry (dist/proxy.js); serve-proxy.ts is what it runs behind its port\n    cli.ts headless/  the command line (dist/cli.js): configuration file, environment, signals\n    access/           guard.ts asks guard-browser, address-lists, authenticate\n    routes/           one file per endpoint family, and what an exchange with an upstream is made of\n                      (exchange, candidates, try-each, attempt → pass-through | translate, failure)\n    dialects/         canonical.ts (the vocabulary), adapter.ts (what each dialect gives), one folder per dialect\n    providers/        one small table per provider\n    pool/ routing/    who may serve, in which order, under which model name\n    upstream/ stream/ connections; bytes, events, tails, the shared ticker\n    monitor/          token estimates\n  host/               the only code that imports vscode\n  webview/            the settings panel (browser)\n  test/               unit, protocol, edi",
  ],
  [
    'a diff',
    631,
    "\ndiff --git a/src/proxy/dialects/openai-chat/encode-tools.ts b/src/proxy/dialects/openai-chat/encode-tools.ts\nindex e7ad140..917c0da 100644\n--- a/src/proxy/dialects/openai-chat/encode-tools.ts\n+++ b/src/proxy/dialects/openai-chat/encode-tools.ts\n@@ -1,24 +1,20 @@\n import type { JsonObject } from '../../../shared/json';\n import { NotSupportedError } from '../../errors';\n-import type { EncodeContext } from '../adapter';\n+import type { EncodeContext, Warn } from '../adapter';\n import type { BuiltInTool, CanonicalRequest, CustomTool, FunctionTool, Tool } from '../canonical';\n import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../custom-tools';\n+import { openAiParameters } from '../json-schema/openai-schema';\n import { DIALECT } from './wire';\n \n-/** OpenAI wants an object schema at the top, also for tools without arguments. */\n-function encodeParameters(parameters: JsonObject | boolean | undefined): JsonObject {\n-  if (parameters === undefined || typeof parameters === 'boolean') return { type: 'object', properties: {} };\n-  return parameters.type === undefined ? { type: 'object', ...parameters } : parameters;\n-}\n-\n-function encodeFunction(tool: FunctionTool, name: string): JsonObject {\n+function encodeFunction(tool: FunctionTool, name: string, warn: Warn, field: string): JsonObject {\n+  const { schema, strict } = openAiParameters(tool.parameters, tool.strict, warn, field);\n   return {\n     type: 'function',\n     function: {\n       name,\n       ...(tool.description !== undefined && { description: tool.description }),\n-      parameters: encodeParameters(tool.parameters),\n-      ...(tool.strict !== undefined && { strict: tool.strict }),\n+      parameters: schema,\n+      ...(strict !== undefined && { strict }),\n     },\n   };\n }\n@@ -70,7 +66,17 @@ export function encodeTools(\n     }\n     if (only && !only.includes(tool.name)) return [];\n     const name = toWire(tool.name);\n-    return [tool.type === 'custom' ? encodeCustom(tool, name, native) : encodeFunction(tool, name)];\n+    if (tool.type === 'custom' && !native)\n+      context.warn({\n+        type: 'changed',\n+        field: `tools[${index}]`,\n+        message: `The free-text tool \"${tool.name}\" is sent as a function with one string.`,\n+      });\n+    return [\n+      tool.type === 'custom'\n+        ? encodeCustom(tool, name, native)\n+        : encodeFunction(tool, name, context.warn, `tools[${index}]`),\n+    ];\n   });\n   const forced = toolChoice?.type === 'tool' ? toolChoice.name : undefined;\n   const declared = request.tools.find((tool) => tool.type !== 'built-in' && tool.name === forced);\n",
  ],
  [
    'a log',
    613,
    '2026-11-23T04:10:10.100Z INFO [worker-0] GET /api/v1/users/0/orders?page=0 200 0ms request_id=d32a87a97a9bf4a5\n2026-11-23T04:11:11.101Z WARN [worker-1] POST /api/v1/users/37/orders?page=1 404 1ms request_id=85abc7701c01fc72\n2026-11-23T04:12:12.102Z ERROR [worker-2] GET /api/v1/users/74/orders?page=2 500 2ms request_id=c988b9800600fd21\n2026-11-23T04:13:13.103Z DEBUG [worker-3] POST /api/v1/users/111/orders?page=3 200 3ms request_id=92f0292d9404b187\n2026-11-23T04:14:14.104Z INFO [worker-4] GET /api/v1/users/148/orders?page=4 404 4ms request_id=876d85646d3dffb7\n2026-11-23T04:15:15.105Z WARN [worker-5] POST /api/v1/users/185/orders?page=5 500 5ms request_id=95c5cdde884216d6\n2026-11-23T04:16:16.106Z ERROR [worker-6] GET /api/v1/users/222/orders?page=6 200 6ms request_id=47a981003c03a310\n2026-11-23T04:17:17.107Z DEBUG [worker-7] POST /api/v1/users/259/orders?page=7 404 7ms request_id=afe5d892729af8e0\n2026-11-23T04:18:18.108Z INFO [worker-0] GET /api/v1/users/296/orders?page=8 500 8ms request_id=93f855f5f2ffef7e\n2026-11-23T04:19:19.109Z WARN [worker-1] POST /api/v1/users/333/orders?page=0 200 9ms request_id=1e6b76a02da3306d\n2026-11-23T04:20:20.110Z ERROR [worker-2] GET /api/v1/users/370/orders?page=1 404 10ms request_id=28741411531ff0cd\n2026-11-23T04:21:21.111Z DEBUG [worker-3] POST /api/v1/users/407/orders?page=2 500 11ms request_id=0db7b19e0d728cca',
  ],
  [
    'a stack trace',
    159,
    'Error: expected 0 to equal 1\n    at Object.<anonymous> (/home/user/project/src/components/Widget0.test.tsx:0:17)\n    at processTicksAndRejections (node:internal/process/task_queues:105:5)\nError: expected 1 to equal 2\n    at Object.<anonymous> (/home/user/project/src/components/Widget1.test.tsx:3:17)\n    at processTicksAndRejections (node:internal/process/task_queues:105:5)\nError: expected 2 to equal 3\n    at Object.<anonymous> (/home/user/project/src/components/Widget2.test.tsx:6:17)\n    at processTicksAndRejections (node:internal/process/task_queues:105:5)',
  ],
  [
    'paths',
    342,
    '/work/main/src/host/find-local-servers.ts\n/work/main/src/host/log.ts\n/work/main/src/host/panel-calls.ts\n/work/main/src/host/panel-page.ts\n/work/main/src/host/panel.ts\n/work/main/src/host/probe-http.ts\n/work/main/src/host/proxy-thread.ts\n/work/main/src/host/remove-account.ts\n/work/main/src/host/secrets.ts\n/work/main/src/host/settings.ts\n/work/main/src/host/show-menu.ts\n/work/main/src/host/start-proxy.ts\n/work/main/src/host/status-bar.ts\n/work/main/src/host/use-demo-account.ts\n/work/main/src/proxy/access\n/work/main/src/proxy/app.ts\n/work/main/src/proxy/cli.ts\n/work/main/src/proxy/create-proxy.ts\n/work/main/src/proxy/dialects\n/work/main/src/proxy/errors.ts\n/work/main/src/proxy/headless\n/work/main/src/proxy/host.ts\n/work/main/src/proxy/index.ts\n/work/main/src/proxy/monitor\n/work/main/src/proxy/pool\n/work/main/src/proxy/providers\n/work/main/src/proxy/responses\n/work/main/src/proxy/routes\n/work/main/src/proxy/routing\n/work/main/src/proxy/serve-proxy.ts\n/work/main/src/proxy/server.ts\n/work/main/src/proxy/storage\n/work/main/src/proxy/stream\n/work/main/src/proxy/thread.ts\n/work/main/src/proxy/upstream\n/work/main/src/proxy/websocket\n/work/main/src/shared/exchange.ts\n/work/main/src/shared/json.ts\n/work/main/src/shared/message-schema.ts\n/work/main/src/shared/messages.ts',
  ],
  [
    'a directory listing',
    417,
    '-rw-r--r--  1 root root        0 Nov 23 00:10 file-0.test.ts\n-rw-r--r--  1 root root      773 Nov 23 01:11 file-1.test.ts\n-rw-r--r--  1 root root     1546 Nov 23 02:12 file-2.test.ts\n-rw-r--r--  1 root root     2319 Nov 23 03:13 file-3.test.ts\n-rw-r--r--  1 root root     3092 Nov 23 04:14 file-4.test.ts\n-rw-r--r--  1 root root     3865 Nov 23 05:15 file-5.test.ts\n-rw-r--r--  1 root root     4638 Nov 23 06:16 file-6.test.ts\n-rw-r--r--  1 root root     5411 Nov 23 07:17 file-7.test.ts\n-rw-r--r--  1 root root     6184 Nov 23 08:18 file-8.test.ts\n-rw-r--r--  1 root root     6957 Nov 23 09:19 file-9.test.ts\n-rw-r--r--  1 root root     7730 Nov 23 00:20 file-10.test.ts\n-rw-r--r--  1 root root     8503 Nov 23 01:21 file-11.test.ts\n-rw-r--r--  1 root root     9276 Nov 23 02:22 file-12.test.ts\n-rw-r--r--  1 root root    10049 Nov 23 03:23 file-13.test.ts\n-rw-r--r--  1 root root    10822 Nov 23 04:24 file-14.test.ts',
  ],
  [
    'uuids',
    350,
    'd32a87a9-7a9b-44a5-a632-577b253107c9\n85abc770-1c01-4c72-ac1d-d92ba836493d\nc988b980-0600-4d21-ad76-2031d429864f\n92f0292d-9404-4187-a4b3-4ada0294048f\n876d8564-6d3d-4fb7-ae58-0ac710fa810f\n95c5cdde-8842-46d6-a28b-9729b0ccddb8\n47a98100-3c03-4310-a746-11e71d66df2f\nafe5d892-729a-48e0-aa42-e4d8523a15d5\n93f855f5-f2ff-4f7e-a127-40f244a4e187\n1e6b76a0-2da3-406d-a2e0-73a46d418a13\n28741411-531f-40cd-a6e0-a55b06ea2598\n0db7b19e-0d72-4cca-aee8-021251679921\n04745b2a-8eee-4526-a815-9e6d764ff9f8\nbfcb39e2-6bba-4dc0-ad3f-171d66a4e9ef\n625aa40b-8d12-48ea-ad0e-2cdc6232bce2',
  ],
  [
    'hexadecimal digits',
    288,
    'd32a87a97a9bf4a54632577b253107c9405ea6ed0b0152427c91279795bf8c17257509fe60603b6289707a785c3e10d52c3e3522c759c6f4962e3249b6a1c33e\n85abc7701c01fc724c1dd92ba836493d48b123b26a157e4307378bc9f47618f9110254dbd2867a59f7ce858f52e0bd8bb4aedaf82e8b278472e84ad24bb7f6bf\nc988b9800600fd21ad762031d429864f276eb677b0cfb1fc33fd0ba798c1778745de52428041f20414e10c907b7eacc85ddc37e836345a45e77bcea6a15328a2\n92f0292d9404b187e4b34ada0294048f9f26a2463b707ccf7d0547f1ad5b80688017592cca2ac601ca5c5b87e03e06cfdda2c935a1ce854bd02e834ba549567a',
  ],
  [
    'base64',
    601,
    '0yqHqXqb9KVGMld7JTEHyUBepu0LAVJCfJEnl5W/jBcldQn+YGA7YolwenhcPhDVLD41IsdZxvSWLjJJtqHDPg==havHcBwB/HJMHdkrqDZJPUixI7JqFX5DBzeLyfR2GPkRAlTb0oZ6WffOhY9S4L2LtK7a+C6LJ4Ry6ErSS7f2vw==yYi5gAYA/SGtdiAx1CmGTydutnewz7H8M/0Lp5jBd4dF3lJCgEHyBBThDJB7fqzIXdw36DY0WkXne86moVMoog==kvApLZQEsYfks0raApQEj58mokY7cHzPfQVH8a1bgGiAF1ksyirGAcpcW4fgPgbP3aLJNaHOhUvQLoNLpUlWeg==h22FZG09/7cOWArHEPqBD4JrUNLxrjQ3ZG2gZnxQ9kiHOp9dkfsx+G8ITOowz08DoaDVx9XP9ECzhx6VtyLgIg==lcXN3ohCFtaSi5cpsMzduEug4+mCHyZ+Jg0azhXuxUjyx/oyqWGGNe/kJ/r5eHVVHyDvklflpvmouve81VHsAA==R6mBADwDoxDXRhHnHWbfL+DNbG1nEugQV1/IrjPwHqBSkxifAxh2O2/5ekf/YCv8WuJdGfRkMPHgW4r1oL6QGw==r+XYknKa+OAqQuTYUjoV1VxBnSat2XwBSOEoUhVQRSCw1mi4Gn6oOXIazPy4CVdJGZ5XMJtOeZ9XFrtxeLYObg==k/hV9fL/735xJ0DyRKThh2uokO1HXIicd+JUb8vlOvTWqxN0oBFfyZAgh2vK3JuBl6ZCcIzTAWjD+gkclwc/1g==Hmt2oC2jMG2y4HOkbUGKEz5ZOa9wzfL3F0t/lcqVlmzngkyzY1NglXpGCHgmBf/H58WaQMaHwMg3FRGZsAiHNA==',
  ],
  [
    'numbers',
    286,
    '3542780, 2242627.4, 3381180.80, 2465212.717, 2272102, 2512768.5, 1202290.94, 2951075.986, 2482526, 510359.2, 678695.95, 230142.366, 74734, 3217766.9, 1650107.40, 2105570.544, 43698, 1539319.1, 4293412.59, 3668461.910, 3831185, 3472220.5, 797216.90, 482802.425, 987450, 1583272.6, 3946222.36, 13671.466, 998982, 592298.0, 2316952.34, 1978019.426, 2215776, 2833602.2, 2776887.54, 1028582.627, 2391555, 1538166.3, 3988181.35, 3047737.300, 3687222, 1686286.6, 2766540.29, 3287680.201, 3230388, 2098262.8,',
  ],
  [
    'csv',
    227,
    '0,user0@example.com,2026-01-10,30.14,disabled\n1,user1@example.com,2026-02-11,19.00,active\n2,user2@example.com,2026-03-12,28.71,disabled\n3,user3@example.com,2026-04-13,20.86,active\n4,user4@example.com,2026-05-14,19.29,disabled\n5,user5@example.com,2026-06-15,21.29,active\n6,user6@example.com,2026-07-16,10.14,disabled\n7,user7@example.com,2026-08-17,25.00,active\n8,user8@example.com,2026-09-18,21.00,disabled\n9,user9@example.com,2026-01-19,4.29,active\n10,user10@example.com,2026-02-10,5.71,disabled\n11,user11@example.com,2026-03-11,1.86,active',
  ],
  [
    'a mixed conversation',
    1090,
    'Open the file and repair the mistake in the second function, then run all of the tests again so that we know nothing else was broken. If you notice on the way that a name is misleading, rename it and say in one sentence why. The settings stay as they are; only the time limit may grow. Do not forget to complete the description in the manual, and give a short overview of everything that has changed at the end. When the connection to the database fails, the program should wait a few seconds and try once more instead of leaving at once.\n\n```ts\nimport type { Json, JsonObject } from \'../../../shared/json\';\nimport { isObject } from \'../../../shared/json\';\n\n/**\n * What a local `$ref` (`#`, `#/$defs/Node`, `#anchor`) points to in `root`; undefined when it points outside or\n * nowhere. RFC 6901 pointers, percent-decoded as JSON Schema 2020-12 §8.2 asks.\n */\nexport function resolveReference(root: JsonObject, reference: string): JsonObject | boolean | undefined {\n  if (!reference.startsWith(\'#\')) return undefined;\n  if (reference === \'#\' || reference === \'#/\') return root;\n  if (!reference.startsWith(\'#/\')) return findAnchor(root, reference.slice(1));\n  let value: Json | undefined = root;\n  for (const segment of reference.slice(2).split(\'/\')) {\n    const key = decode(segment).replaceAll(\'~1\', \'/\').replaceAll(\'~0\', \'~\');\n    if (Array.isArray(value)) value = value[Number(key)];\n    else if (isObject(value) && Object.hasOwn(value, key))\n```\n\n2026-11-23T04:10:10.100Z INFO [worker-0] GET /api/v1/users/0/orders?page=0 200 0ms request_id=d32a87a97a9bf4a5\n2026-11-23T04:11:11.101Z WARN [worker-1] POST /api/v1/users/37/orders?page=1 404 1ms request_id=85abc7701c01fc72\n2026-11-23T04:12:12.102Z ERROR [worker-2] GET /api/v1/users/74/orders?page=2 500 2ms request_id=c988b9800600fd21\n2026-11-23T04:13:13.103Z DEBUG [worker-3] POST /api/v1/users/111/orders?page=3 200 3ms request_id=92f0292d9404b187\n2026-11-23T04:14:14.104Z INFO [worker-4] GET /ap\n\nBitte öffne die Datei und behebe den Fehler in der zweiten Funktion. Danach sollen alle Tests noch einmal laufen, damit wir sicher sind, dass nichts anderes kaputtgegangen ist. Wenn dir unterwegs auffällt, dass eine Bezeichnung missverständlich ist, benenne sie um und erkläre in einem kurzen Satz, weshalb. Die Einstellungen bleiben, wie sie sind; nur die Zeitgrenze darf größer werden. Vergiss nicht, die Beschreibung im Handbuch zu ergänzen, und gib am Ende eine kurze Übersicht über alles, was sich geändert hat.\n\n{"type":"object","properties":{"file_path":{"type":"string","description":"The absolute path of the file to change"},"old_string":{"type":"string","description":"The text to replace"},"new_string":{"type":"string","description":"The text to put in its place (must differ from old_string)"},"replace_all":{"type":"boolean","default":false,"description":"Replace every occurrence of old_string"},"edits":{"type":"array","items":{"type":"object","properties":{"line":{"type":"integer","minimum":1},"kind":{"enum":["insert","delete"]}},"required":["line","kind"],"additionalProperties":false}}},"required":["file_path","old_string","new_string"],"additionalProperties":false}\n\n/work/main/src/host/find-local-servers.ts\n/work/main/src/host/log.ts\n/work/main/src/host/panel-calls.ts\n/work/main/src/host/panel-page.ts\n/work/main/src/host/panel.ts\n/work/main/src/host/probe-http.ts\n/work/main/src/host/proxy-thread.ts\n/work/main/src/host/remove-account.ts\n/work/main/src/host/secrets.ts\n/work/main/src/host/settings.ts\n/work/main/src/host/show-menu.ts\n/work/main/src/host/start-pro\n\nError: expected 0 to equal 1\n    at Object.<anonymous> (/home/user/project/src/components/Widget0.test.tsx:0:17)\n    at processTicksAndRejections (node:internal/process/task_queues:105:5)\nError: expected 1 to equal 2\n    at Object.<anonymous> (/home/user/project/src/components/Widget1.test.tsx:3:17)\n    at processTicksAndRejections (node:internal/process/task_queues:105:5)\nError: expected 2 to equal 3\n    at Object.<anonymous> (/home/user/project/src/components/Widget2.test.tsx:6:17)\n    at proc',
  ],
];
