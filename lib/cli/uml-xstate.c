/*
 * ptrace() for User-Mode Linux on processors with a large extended state. UML 6.1 keeps 2,696 bytes of it for each process (HOST_FP_SIZE), and PTRACE_SETREGSET takes no less
 * than all that the processor has (xstateregs_set() of arch/x86/kernel/fpu/regset.c: -EFAULT), 11,008 bytes with AMX: it panics with "ptrace set fp regs failed, errno = 14".
 * Here the rest is kept empty: what runs in a lab uses no tiles.
 *   cc -Os -ffreestanding -fno-builtin -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -fPIC -shared -nostdlib -s \
 *     -Wl,-z,noseparate-code -Wl,--build-id=none -Wl,--hash-style=sysv -o uml-xstate.so uml-xstate.c
 */
typedef unsigned long word;
struct iovec {
  unsigned char *base;
  word len;
};

enum { PEEKTEXT = 1, PEEKUSER = 3, GETREGSET = 0x4204, SETREGSET = 0x4205, NT_X86_XSTATE = 0x202, MOST = 65536, XSTATE_BV = 512 };
/* Of the components' bits: x87, SSE, AVX, AVX-512 and PKRU, which have room in 2,696 bytes; the kernel's own and AMX's (17, 18) have not. */
#define KEPT 0x2e7UL

extern int *__errno_location(void);
static unsigned char state[MOST];
static word size;

static long call(long request, long pid, word addr, void *data) {
  register void *fourth __asm__("r10") = data;
  long out;
  __asm__ volatile("syscall" : "=a"(out) : "a"(101L), "D"(request), "S"(pid), "d"(addr), "r"(fourth) : "rcx", "r11", "memory");
  return out;
}

static void copy(unsigned char *to, const unsigned char *from, word n) {
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}

long ptrace(long request, long pid, word addr, void *data) {
  long out, peeked = 0;
  struct iovec *given = data, all = {state, MOST};
  if ((request != GETREGSET && request != SETREGSET) || addr != NT_X86_XSTATE) {
    int peeks = request >= PEEKTEXT && request <= PEEKUSER;
    out = call(request, pid, addr, peeks ? &peeked : data);
    if (out >= 0 && peeks) {
      *__errno_location() = 0;
      return peeked;
    }
  } else if (request == GETREGSET || size == 0) {
    out = call(GETREGSET, pid, addr, &all);
    if (out >= 0) {
      size = all.len;
      if (request == SETREGSET) return ptrace(request, pid, addr, data);
      *(word *)(state + XSTATE_BV) &= KEPT;
      if (given->len > size) given->len = size;
      copy(given->base, state, given->len);
    }
  } else {
    static const unsigned char none[64];
    word at = given->len < size ? given->len : size;
    copy(state, given->base, at);
    for (; at < size; at += sizeof none) copy(state + at, none, size - at < sizeof none ? size - at : sizeof none);
    *(word *)(state + XSTATE_BV) &= KEPT;
    all.len = size;
    out = call(SETREGSET, pid, addr, &all);
  }
  if (out >= 0) return out;
  *__errno_location() = (int)-out;
  return -1;
}
