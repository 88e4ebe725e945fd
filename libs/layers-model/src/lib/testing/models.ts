import * as tfl from '@tensorflow/tfjs-layers';
import { apply, functional, through } from './functional.ts';
import { denseNet, mobileNet, mobileNetV2 } from './keras-applications.ts';

const { layers } = tfl;
const inputShape = [9, 8, 2];
const relu = () => layers.reLU();

/** Models that hold every layer that is taken, by what is in them. */
export const MODELS: Record<string, () => tfl.LayersModel> = {
  'convolutions with "same" and stride 2, pooling, softmax': () =>
    tfl.sequential({
      layers: [
        layers.conv2d({
          inputShape,
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          activation: 'relu',
        }),
        layers.conv2d({
          filters: 3,
          kernelSize: [2, 4],
          strides: 2,
          padding: 'same',
          useBias: false,
        }),
        layers.activation({ activation: 'relu' }),
        layers.maxPooling2d({ poolSize: [3, 2], strides: 1, padding: 'same' }),
        layers.dropout({ rate: 0.5 }),
        layers.flatten(),
        layers.dense({ units: 5, activation: 'softmax' }),
      ],
    }),
  'normalisation, ε 1e-3, of images and after a dense layer': () =>
    tfl.sequential({
      layers: [
        layers.conv2d({ inputShape, filters: 4, kernelSize: 3 }),
        layers.batchNormalization(),
        relu(),
        layers.flatten(),
        layers.dense({ units: 6, useBias: false }),
        layers.batchNormalization({ epsilon: 0.01 }),
        relu(),
        layers.dense({ units: 5 }),
        layers.softmax(),
      ],
    }),
  'a residual block': () =>
    functional(inputShape, (images) => {
      const norm = (x: tfl.SymbolicTensor) => apply(layers.batchNormalization(), x);
      const conv = (filters: number, kernelSize: number, strides: number) =>
        layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });
      const stem = apply(relu(), norm(apply(conv(4, 3, 1), images)));
      const inner = apply(relu(), norm(apply(conv(6, 3, 2), stem)));
      const sum = apply(layers.add(), [
        norm(apply(conv(6, 3, 1), inner)),
        norm(apply(conv(6, 1, 2), stem)),
        inner,
      ]);
      const pooled = apply(layers.globalAveragePooling2d({}), apply(relu(), sum));
      return apply(layers.dense({ units: 5 }), pooled);
    }),
  'zero padding before convolution and pooling, as Keras writes ResNets': () =>
    tfl.sequential({
      layers: [
        layers.zeroPadding2d({
          inputShape,
          padding: [
            [1, 2],
            [0, 3],
          ],
        }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: 'relu' }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.maxPooling2d({ poolSize: 3, strides: 2 }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.maxPooling2d({ poolSize: 2 }),
        // Windows of zeros alone.
        layers.zeroPadding2d({ padding: 2 }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 5 }),
      ],
    }),
  'vectors in': () =>
    tfl.sequential({
      layers: [
        layers.dense({ inputShape: [7], units: 6, activation: 'relu' }),
        layers.dense({ units: 5, activation: 'softmax' }),
      ],
    }),
  'images without channels in': () =>
    tfl.sequential({
      layers: [
        layers.flatten({ inputShape: [4, 3] }),
        layers.dense({ units: 5, activation: 'linear' }),
      ],
    }),
  'a model within a model': () => {
    const trunk = tfl.sequential({
      layers: [
        layers.conv2d({ inputShape, filters: 3, kernelSize: 3 }),
        layers.batchNormalization(),
      ],
    });
    return functional(inputShape, (images) => {
      const x = apply(layers.flatten(), apply(relu(), apply(trunk, images)));
      return apply(layers.dense({ units: 5 }), x);
    });
  },
  'as Keras writes MobileNet': mobileNet,
  'as Keras writes MobileNetV2': mobileNetV2,
  'as Keras writes DenseNet': denseNet,
  'depthwise and separable convolutions, dilated ones, tanh and sigmoid': () =>
    tfl.sequential({
      layers: [
        layers.depthwiseConv2d({
          inputShape,
          kernelSize: [2, 3],
          strides: 2,
          depthMultiplier: 3,
          padding: 'same',
          activation: 'tanh',
        }),
        layers.separableConv2d({
          filters: 4,
          kernelSize: [3, 2],
          depthMultiplier: 2,
          dilationRate: 2,
          padding: 'same',
          activation: 'sigmoid',
        }),
        layers.conv2d({ filters: 3, kernelSize: 2, dilationRate: [3, 3], activation: 'relu6' }),
        layers.flatten(),
        layers.dense({ units: 5, activation: 'linear' }),
      ],
    }),
  'channels weighed by what a pixel of them says, elu and swish': () =>
    functional(inputShape, (images) => {
      const x = through(
        images,
        layers.conv2d({ filters: 6, kernelSize: 3, activation: 'elu' }),
        layers.conv2d({ filters: 6, kernelSize: 1, activation: 'swish' }),
      );
      const gate = () => layers.conv2d({ filters: 6, kernelSize: 1, activation: 'sigmoid' });
      const weights = through(
        x,
        layers.globalAveragePooling2d({}),
        layers.reshape({ targetShape: [1, 1, 6] }),
        gate(),
      );
      const weighed = apply(layers.multiply(), [weights, x]);
      const gates = apply(gate(), x);
      const product = apply(layers.multiply(), [gates, weighed, gates]);
      return through(product, layers.elu(), layers.flatten(), layers.dense({ units: 5 }));
    }),
  'pooling, normalisation without scale and centre, zeros, shapes, other ReLUs': () =>
    functional([8, 9], (images) => {
      const x = through(
        images,
        layers.reshape({ targetShape: [8, 9, 1] }),
        layers.rescaling({ scale: 0.5, offset: -0.25 }),
        layers.conv2d({ filters: 4, kernelSize: 3 }),
        layers.batchNormalization({ scale: false }),
        layers.leakyReLU({ alpha: 0.2 }),
        layers.averagePooling2d({ poolSize: [3, 2], strides: 2, padding: 'same' }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.batchNormalization({ center: false }),
        layers.zeroPadding2d({ padding: 2 }),
        layers.maxPooling2d({ poolSize: 2, strides: 1 }),
        layers.batchNormalization({ scale: false, center: false }),
        layers.reLU({ maxValue: 0.75 }),
      );
      const reshaped = apply(layers.reshape({ targetShape: [-1, 4, 2] }), x);
      const most = apply(
        layers.globalMaxPooling2d({}),
        apply(layers.conv2d({ filters: 3, kernelSize: 2 }), x),
      );
      // As Keras before 2.7 wrote the end of MobileNet.
      const mean = through(
        reshaped,
        layers.globalAveragePooling2d({}),
        layers.reshape({ targetShape: [1, 1, 2] }),
        layers.conv2d({ filters: 3, kernelSize: 1, padding: 'same' }),
        layers.flatten(),
      );
      return apply(layers.dense({ units: 5 }), apply(layers.concatenate(), [mean, most]));
    }),
  'layers and a model at two places': () =>
    functional([6, 5, 2], (images) => {
      const conv = layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same' });
      const norm = layers.batchNormalization();
      const trunk = tfl.sequential({
        layers: [
          layers.depthwiseConv2d({ inputShape: [6, 5, 2], kernelSize: 3, padding: 'same' }),
          layers.reLU(),
        ],
      });
      const once = through(images, conv, norm, trunk);
      const twice = through(once, trunk, conv, norm);
      const pooled = apply(layers.globalAveragePooling2d({}), apply(layers.add(), [once, twice]));
      const dense = layers.dense({ units: 2 });
      return apply(layers.dense({ units: 5 }), through(pooled, dense, dense));
    }),
};
