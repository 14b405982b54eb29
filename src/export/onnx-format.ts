import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { messageField, textField } from './protobuf.ts';

/** A node of standard operators. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** All are floats. */
  readonly attributes: Readonly<Record<string, number>>;
}

/** A function whose inputs are `x` and the parameters, and whose output is `y`. */
export interface OnnxFunction {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
}

export interface OnnxModel {
  readonly function: OnnxFunction;
  readonly documentation: string;
  /** Initializers of one value, which broadcast. */
  readonly parameters: readonly { readonly name: string; readonly initial: number }[];
}

const domain = 'activation_search';
/** The first with Swish; its files have version 11 of the format. */
const operatorSet = 24;
const formatVersion = 11;
/** Of tensors and of attributes alike. */
const float = 1;

/** The bytes of a ModelProto, after onnx.proto3: a graph of one node from `x` to `y`. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const { name, inputs } = model.function;
  const graph = (writer: BinaryWriter) => {
    messageField(writer, 1, (node) => {
      for (const input of inputs) textField(node, 1, input);
      textField(node, 2, 'y');
      textField(node, 4, name);
      textField(node, 7, domain);
    });
    textField(writer, 2, name);
    for (const { name: parameter, initial } of model.parameters) {
      messageField(writer, 5, (tensor) => {
        messageField(tensor, 1, (dimensions) => dimensions.int64(1));
        tensor.tag(2, 0).int32(float);
        messageField(tensor, 4, (values) => values.float(Math.fround(initial)));
        textField(tensor, 8, parameter);
      });
    }
    textField(writer, 10, model.documentation);
    messageField(writer, 11, (input) => valueInfo(input, 'x'));
    messageField(writer, 12, (output) => valueInfo(output, 'y'));
  };
  const writer = new BinaryWriter();
  writer.tag(1, 0).int64(formatVersion);
  textField(writer, 2, 'activation-search');
  textField(writer, 6, model.documentation);
  messageField(writer, 7, graph);
  messageField(writer, 8, (set) => version(set, '', operatorSet));
  messageField(writer, 8, (set) => version(set, domain, 1));
  messageField(writer, 25, (body) => encodeFunction(body, model.function));
  return writer.finish();
}

function encodeFunction(writer: BinaryWriter, { name, inputs, nodes }: OnnxFunction): void {
  textField(writer, 1, name);
  for (const input of inputs) textField(writer, 4, input);
  textField(writer, 5, 'y');
  for (const { operator, inputs: operands, outputs, attributes } of nodes) {
    messageField(writer, 7, (node) => {
      for (const operand of operands) textField(node, 1, operand);
      for (const output of outputs) textField(node, 2, output);
      textField(node, 4, operator);
      for (const [key, value] of Object.entries(attributes)) {
        messageField(node, 5, (attribute) => encodeAttribute(attribute, key, value));
      }
    });
  }
  messageField(writer, 9, (set) => version(set, '', operatorSet));
  textField(writer, 10, domain);
}

function encodeAttribute(writer: BinaryWriter, name: string, value: number): void {
  textField(writer, 1, name);
  // What float32 cannot hold is infinite, as it is in training.
  writer.tag(2, 5).float(Math.fround(value));
  writer.tag(20, 0).int32(float);
}

/** A float vector of `n` numbers: the format wants a rank of a whole model; a function within it has none. */
function valueInfo(writer: BinaryWriter, name: string): void {
  textField(writer, 1, name);
  messageField(writer, 2, (type) => {
    messageField(type, 1, (tensor) => {
      tensor.tag(1, 0).int32(float);
      messageField(tensor, 2, (shape) => messageField(shape, 1, (dimension) => textField(dimension, 2, 'n')));
    });
  });
}

function version(writer: BinaryWriter, name: string, number: number): void {
  textField(writer, 1, name);
  writer.tag(2, 0).int64(number);
}
