import assert from 'node:assert/strict';
import { azure, azureBaseUrl } from '../../../../proxy/providers/azure';

describe('an Azure OpenAI account', () => {
  const rows: [string, string][] = [
    ['https://mine.openai.azure.com', 'https://mine.openai.azure.com/openai/v1'],
    ['https://mine.openai.azure.com/openai', 'https://mine.openai.azure.com/openai/v1'],
    ['https://mine.openai.azure.com/openai/v1', 'https://mine.openai.azure.com/openai/v1'],
    ['https://mine.openai.azure.com/openai/v1/responses', 'https://mine.openai.azure.com/openai/v1'],
    [
      'https://mine.cognitiveservices.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2025-01-01-preview',
      'https://mine.cognitiveservices.azure.com/openai/v1',
    ],
    ['https://mine.services.ai.azure.com/api/projects/one', 'https://mine.services.ai.azure.com/openai/v1'],
    ['https://mine.services.ai.azure.com/models', 'https://mine.services.ai.azure.com/openai/v1'],
    ['https://mine.openai.azure.us/', 'https://mine.openai.azure.us/openai/v1'],
    ['http://127.0.0.1:9', 'http://127.0.0.1:9/openai/v1'],
    ['https://gate.example/team/openai/deployments/x', 'https://gate.example/team/openai/v1'],
    ['https://gate.example/team', 'https://gate.example/team/openai/v1'],
    ['https://gate.example/azure/v1', 'https://gate.example/azure/v1'],
    ['https://gate.example/my-openai-gate', 'https://gate.example/my-openai-gate/openai/v1'],
  ];
  for (const [pasted, used] of rows)
    it(`is asked at ${used} for ${pasted}`, () => {
      assert.equal(azureBaseUrl({ baseUrl: pasted }), used);
    });

  it('never takes the list of what could be deployed for its deployments', () => {
    assert.equal(azure.listsOthersModels, true);
    assert.equal(azure.models, undefined);
  });
});
