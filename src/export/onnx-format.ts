import { BinaryWriter } from '@bufbuild/protobuf/wire';

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
    message(writer, 1, (node) => {
      for (const input of inputs) text(node, 1, input);
      text(node, 2, 'y');
      text(node, 4, name);
      text(node, 7, domain);
    });
    text(writer, 2, name);
    for (const { name: parameter, initial } of model.parameters) {
      message(writer, 5, (tensor) => {
        message(tensor, 1, (dimensions) => dimensions.int64(1));
        tensor.tag(2, 0).int32(float);
        message(tensor, 4, (values) => values.float(initial));
        text(tensor, 8, parameter);
      });
    }
    text(writer, 10, model.documentation);
    message(writer, 11, (input) => valueInfo(input, 'x'));
    message(writer, 12, (output) => valueInfo(output, 'y'));
  };
  const writer = new BinaryWriter();
  writer.tag(1, 0).int64(formatVersion);
  text(writer, 2, 'activation-search');
  text(writer, 6, model.documentation);
  message(writer, 7, graph);
  message(writer, 8, (set) => version(set, '', operatorSet));
  message(writer, 8, (set) => version(set, domain, 1));
  message(writer, 25, (body) => encodeFunction(body, model.function));
  return writer.finish();
}

function encodeFunction(writer: BinaryWriter, { name, inputs, nodes }: OnnxFunction): void {
  text(writer, 1, name);
  for (const input of inputs) text(writer, 4, input);
  text(writer, 5, 'y');
  for (const { operator, inputs: operands, outputs, attributes } of nodes) {
    message(writer, 7, (node) => {
      for (const operand of operands) text(node, 1, operand);
      for (const output of outputs) text(node, 2, output);
      text(node, 4, operator);
      for (const [key, value] of Object.entries(attributes)) {
        message(node, 5, (attribute) => encodeAttribute(attribute, key, value));
      }
    });
  }
  message(writer, 9, (set) => version(set, '', operatorSet));
  text(writer, 10, domain);
}

function encodeAttribute(writer: BinaryWriter, name: string, value: number): void {
  text(writer, 1, name);
  writer.tag(2, 5).float(value);
  writer.tag(20, 0).int32(float);
}

/** A float vector of `n` numbers: the format wants a rank of a whole model; a function within it has none. */
function valueInfo(writer: BinaryWriter, name: string): void {
  text(writer, 1, name);
  message(writer, 2, (type) => {
    message(type, 1, (tensor) => {
      tensor.tag(1, 0).int32(float);
      message(tensor, 2, (shape) => message(shape, 1, (dimension) => text(dimension, 2, 'n')));
    });
  });
}

function version(writer: BinaryWriter, name: string, number: number): void {
  text(writer, 1, name);
  writer.tag(2, 0).int64(number);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, 2).string(value);
}

/** An embedded message or a packed list. */
function message(writer: BinaryWriter, field: number, fill: (writer: BinaryWriter) => void): void {
  writer.tag(field, 2).fork();
  fill(writer);
  writer.join();
}
