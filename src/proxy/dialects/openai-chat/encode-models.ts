export { encodeOpenaiModel as encodeModel, encodeOpenaiModelList as encodeModelList } from '../openai/models';
