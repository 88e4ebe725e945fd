import { setImmediate } from 'node:timers';

/** Of WebGPU, what is used here. */
export interface GpuBuffer {
  readonly size: number;
  readonly mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: GpuErrorEvent) => void): void;
  destroy(): void;
}

export interface GpuErrorEvent {
  readonly error: { readonly message: string };
  preventDefault(): void;
}

export interface GpuAdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

export interface GpuAdapter {
  readonly info: GpuAdapterInfo;
  readonly limits: Readonly<Record<string, number>>;
  readonly features: ReadonlySet<string>;
  requestDevice(wish: object): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(wish: {
    powerPreference?: 'high-performance' | 'low-power';
    forceFallbackAdapter?: boolean;
  }): Promise<GpuAdapter | null>;
}

type Constructor = abstract new (...args: never[]) => object;

/** The npm package `webgpu`. */
export interface DawnPackage {
  create(options: string[]): Gpu;
  readonly globals: Readonly<Record<string, Constructor>>;
}

/** Those that Dawn has to answer later. */
const ASYNCHRONOUS = {
  GPUAdapter: ['requestDevice'],
  GPUBuffer: ['mapAsync'],
  GPUDevice: ['popErrorScope', 'createComputePipelineAsync', 'createRenderPipelineAsync'],
  GPUQueue: ['onSubmittedWorkDone'],
  GPUShaderModule: ['getCompilationInfo'],
} as const;

type Turn = () => void;
type Method = (this: object, ...args: unknown[]) => unknown;

/**
 * Dawn's turns. It answers what waits in a turn of Node's loop, which it asks for by the global setImmediate, from within
 * one of its own calls or turns. So that one is ours while such a call lasts, and what it asked for can be done at once:
 * thus a buffer is waited for without leaving the caller.
 */
export class DawnTurns {
  readonly #asked = new Set<Turn>();

  constructor(globals: DawnPackage['globals']) {
    const during = <T>(call: () => T): T => this.#during(call);
    for (const [name, methods] of Object.entries(ASYNCHRONOUS)) {
      const prototype = globals[name]?.prototype as Record<string, Method> | undefined;
      for (const method of methods) {
        const own = prototype?.[method];
        if (!own) continue;
        prototype[method] = function (...args) {
          return during(() => own.apply(this, args));
        };
      }
    }
  }

  /** Takes the turn that Dawn asked for; false where it waits for nothing. */
  takeNow(): boolean {
    const [turn] = this.#asked;
    if (turn) this.#take(turn);
    return turn !== undefined;
  }

  #take(turn: Turn): void {
    if (this.#asked.delete(turn)) this.#during(turn);
  }

  #during<T>(call: () => T): T {
    const before = globalThis.setImmediate;
    const asked = (turn: Turn) => {
      this.#asked.add(turn);
      return setImmediate(() => this.#take(turn));
    };
    globalThis.setImmediate = asked as typeof setImmediate;
    try {
      return call();
    } finally {
      globalThis.setImmediate = before;
    }
  }
}
