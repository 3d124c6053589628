/** Whatever JSON Schema a tool may carry, cleaned for every target (SPEC 4.7). */
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020';
import fc from 'fast-check';
import type { Warn } from '../../../../../proxy/dialects/adapter';
import { anthropicOutputSchema } from '../../../../../proxy/dialects/json-schema/anthropic-output';
import { cleanSchema } from '../../../../../proxy/dialects/json-schema/clean-schema';
import { fromOpenApiSchema } from '../../../../../proxy/dialects/json-schema/from-openapi-schema';
import { functionParameters } from '../../../../../proxy/dialects/json-schema/function-parameters';
import { normalizeSchema } from '../../../../../proxy/dialects/json-schema/normalize-schema';
import { cleanParameters } from '../../../../../proxy/dialects/json-schema/object-parameters';
import { openAiParameters } from '../../../../../proxy/dialects/json-schema/openai-schema';
import { whyNotStrict } from '../../../../../proxy/dialects/json-schema/strict-schema';
import type { JsonObject } from '../../../../../shared/json';
import { arbitrarySchema, arbitraryStrictSchema, arbitraryValue } from '../../../../support/arbitrary-schema';
import {
  problemsOfAnthropicStrict,
  problemsOfDraft202012,
  problemsOfOpenAiStrict,
  problemsOfParameters,
  propertyNames,
} from '../../../../support/check/check-tool-schema';
import { problemsOf } from './gemini-schema-checker';

const RUNS = Number(process.env['SCHEMA_RUNS'] ?? 300);
const quiet: Warn = () => undefined;

interface Target {
  clean: (schema: JsonObject, warn: Warn) => JsonObject;
  problems: (cleaned: JsonObject) => string[];
  /** The cleaned schema in words that ajv knows. Absent: what is cleaned admits less than the original. */
  toJsonSchema?: (cleaned: JsonObject) => JsonObject;
}

const TARGETS: Record<string, Target> = {
  "Gemini's parameters": {
    clean: (schema, warn) => cleanSchema(schema, 'gemini', warn, 'p'),
    problems: (cleaned) => problemsOf(cleaned, 'gemini'),
    toJsonSchema: fromOpenApiSchema,
  },
  "Gemini's parametersJsonSchema and responseJsonSchema": {
    clean: (schema, warn) => cleanSchema(schema, 'gemini-json-schema', warn, 'p'),
    problems: (cleaned) => problemsOf(cleaned, 'gemini-json-schema'),
    toJsonSchema: (cleaned) => cleaned,
  },
  "Gemini's function declarations": {
    clean: (schema, warn) => cleanParameters(schema, 'gemini-json-schema', warn, 'p') ?? { type: 'object' },
    problems: (cleaned) => [
      ...problemsOf(cleaned, 'gemini-json-schema'),
      ...(cleaned['type'] === 'object' ? [] : ['no object']),
    ],
  },
  'draft 2020-12': {
    clean: (schema, warn) => normalizeSchema(schema, warn, 'p'),
    problems: problemsOfDraft202012,
    toJsonSchema: (cleaned) => cleaned,
  },
  "OpenAI's parameters": {
    clean: (schema, warn) => openAiParameters(schema, undefined, warn, 'p').schema,
    problems: problemsOfParameters,
  },
  "Anthropic's input_schema": {
    clean: (schema, warn) => functionParameters(schema, warn, 'p'),
    problems: problemsOfParameters,
  },
};

/** Property-based checks of one target; the seed of a failure is in its message. */
function check(property: (schema: JsonObject) => void): void {
  fc.assert(fc.property(arbitrarySchema({ plain: false }), property), { numRuns: RUNS });
}

describe('any JSON Schema (SPEC 4.7)', () => {
  for (const [name, { clean, problems, toJsonSchema }] of Object.entries(TARGETS))
    describe(`for ${name}`, () => {
      it('becomes one that is accepted', () => {
        check((schema) => {
          assert.deepEqual(problems(clean(schema, quiet)), []);
        });
      });

      it('is not changed itself, and gives the same every time', () => {
        check((schema) => {
          const before = JSON.stringify(schema);
          const cleaned = JSON.stringify(clean(schema, quiet));
          assert.equal(JSON.stringify(schema), before);
          assert.equal(JSON.stringify(clean(schema, quiet)), cleaned);
        });
      });

      it('stays as it is when it is cleaned again', () => {
        check((schema) => {
          const cleaned = clean(schema, quiet);
          assert.equal(JSON.stringify(clean(cleaned, quiet)), JSON.stringify(cleaned));
        });
      });

      it('keeps the names of properties', () => {
        fc.assert(
          fc.property(
            arbitrarySchema({ plain: true, satisfiable: true }),
            ({ $defs, definitions, ...inner }) => {
              const schema: JsonObject = {
                type: 'object',
                properties: { inner },
                ...($defs && { $defs }),
                ...(definitions && { definitions }),
              };
              const kept = JSON.stringify(clean(schema, quiet));
              for (const property of propertyNames(schema))
                assert.ok(kept.includes(JSON.stringify(property).slice(1, -1)), property);
            },
          ),
          { numRuns: RUNS },
        );
      });

      if (toJsonSchema)
        it('accepts every value that was accepted before', () => {
          fc.assert(
            fc.property(
              arbitrarySchema({ plain: true }),
              fc.array(arbitraryValue, { minLength: 6, maxLength: 10 }),
              (schema, values) => {
                const before = compile(schema);
                if (!before) return;
                const cleaned = clean(schema, quiet);
                const after = compile(toJsonSchema(cleaned));
                assert.ok(after, JSON.stringify(cleaned));
                for (const value of values)
                  if (before(value)) assert.ok(after(value), JSON.stringify({ value, cleaned }));
              },
            ),
            { numRuns: Math.ceil(RUNS / 4) },
          );
        }).timeout(60_000);
    });

  it("for Anthropic's output_config.format becomes one that is accepted, or none", () => {
    let made = 0;
    const tries = fc.oneof(arbitrarySchema({ plain: false }), arbitraryStrictSchema());
    fc.assert(
      fc.property(tries, (schema) => {
        const output = anthropicOutputSchema(schema, { optional: 0, unions: 0 }, quiet, 'p');
        if (!('schema' in output)) return;
        made++;
        assert.deepEqual(problemsOfAnthropicStrict(output.schema), []);
        const again = anthropicOutputSchema(output.schema, { optional: 0, unions: 0 }, quiet, 'p');
        assert.deepEqual(again, output);
      }),
      { numRuns: RUNS },
    );
    assert.ok(made > RUNS / 20, String(made));
  });

  for (const [rules, problems] of [
    ['openai', problemsOfOpenAiStrict],
    ['anthropic', problemsOfAnthropicStrict],
  ] as const)
    it(`is strict for ${rules} only where the strict rules hold`, () => {
      let strict = 0;
      const tries = fc.oneof(arbitrarySchema({ plain: true }), arbitraryStrictSchema());
      fc.assert(
        fc.property(tries, (schema) => {
          if (whyNotStrict(schema, rules) !== undefined) return;
          strict++;
          assert.deepEqual(problems(schema), []);
        }),
        { numRuns: RUNS },
      );
      assert.ok(strict > RUNS / 20, String(strict));
    });
});

function compile(schema: JsonObject): ((value: unknown) => boolean) | undefined {
  // References of cyclic schemas may recurse for ever in the validator: those are not tried.
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, logger: false });
  try {
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema)) as object);
    return (value) => {
      try {
        return validate(value) === true;
      } catch {
        return false;
      }
    };
  } catch {
    return undefined;
  }
}
