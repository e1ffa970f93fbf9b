/* Stands here for scripts/versus-spin: the race that Shootdown explores on its whole model, written by hand as an
 * abstraction of some 60 steps for SPIN 6.5.2, which is the measure of how fast a search is. Nothing else reads it.
 */
/* Shootdown family: munmap() racing ATS/PRI device DMA through an IOMMU.
 *
 * Build-time parameters (spin -a -DP=.. ...):
 *   P pages (1..4)  D devices (1..3)  M accesses per device  A allocations by CPU1
 *   E extra free frames  K PRI retries before a device gives up  Q queue slots
 *   MODE  1 legacy: flush at start and at end only
 *         2 empty : start installs the empty table and flushes, end restores it
 *         3 range : flush between CPU TLB flush and free
 *   Mutants of `range' that must fail: BADORDER (ATC flushed before IOTLB),
 *   NOWAIT (free without completion wait), NODRAIN (invalidate completes with DMA in flight),
 *   NODISCARD (a late translation response is filled after the invalidate)
 *   GIVEUP_OK: a device that gives up is not an error (only DMA is checked)
 *   COUNT: do not assert, so that the whole space of a broken protocol can be counted.
 * One Promela statement (or d_step) is one atomic step of the machine.
 */
#ifndef P
#define P 1
#endif
#ifndef D
#define D 1
#endif
#ifndef M
#define M 1
#endif
#ifndef A
#define A 1
#endif
#ifndef E
#define E 0
#endif
#ifndef K
#define K 1
#endif
#ifndef Q
#define Q 2
#endif
#ifndef MODE
#define MODE 3
#endif
#define F (P+E)

/* owner[] */
#define FREE 0
#define PROC 1
#define OTHER 2
/* queue commands */
#define INV_IOTLB 1
#define WAIT 2
#define INV_DEV 3               /* +d */
/* infl[] */
#define NOTHING 0
#define RESP 1                  /* translation response on its way to the ATC */
#define DMA 2                   /* translated write not yet performed */
#define RESP_STALE 3            /* ... hit by an invalidate: must be discarded */
#define DMA_STALE 4             /* ... hit by an invalidate: must drain first */

#ifdef COUNT
#define CHECK(x) skip
#else
#define CHECK(x) assert(x)
#endif
#ifdef GIVEUP_OK
#define GIVEUP skip
#else
#define GIVEUP CHECK(false)
#endif

typedef atc_t { byte e[P] };
byte pte[P];
byte iotlb[P];
atc_t atc[D];
byte owner[F+1];
byte infl[D];
bit root = 1;                   /* 1: real table, 0: empty table */
bit ctlb = 1;                   /* CPU TLB may hold the range */
bit cmpl;
chan q = [Q] of { byte };

inline enqueue_devs() {
	q!INV_DEV;
#if D > 1
	q!(INV_DEV+1);
#endif
#if D > 2
	q!(INV_DEV+2);
#endif
}
inline flush() {
#ifdef BADORDER
	enqueue_devs();
	q!INV_IOTLB;
#else
	q!INV_IOTLB;
	enqueue_devs();
#endif
#ifndef NOWAIT
	q!WAIT;
	if
	:: d_step { cmpl -> cmpl = 0 }
	fi
#endif
}

proctype cpu0() {
	xs q;
#if MODE == 1
	flush();
#elif MODE == 2
	root = 0;
	flush();
#endif
	pte[0] = 0;
#if P > 1
	pte[1] = 0;
#endif
#if P > 2
	pte[2] = 0;
#endif
#if P > 3
	pte[3] = 0;
#endif
	ctlb = 0;
#if MODE == 3
	flush();
#endif
	owner[1] = FREE;
#if P > 1
	owner[2] = FREE;
#endif
#if P > 2
	owner[3] = FREE;
#endif
#if P > 3
	owner[4] = FREE;
#endif
#if MODE == 1
	flush();
#elif MODE == 2
	root = 1;
#endif
end_cpu0:
	false
}

#define TAKE(f) :: d_step { n < A && owner[f] == FREE -> owner[f] = OTHER; n++ }; goto end_cpu1
proctype cpu1() {
	byte n;
end_cpu1:
	if
	TAKE(1)
#if F > 1
	TAKE(2)
#endif
#if F > 2
	TAKE(3)
#endif
#if F > 3
	TAKE(4)
#endif
#if F > 4
	TAKE(5)
#endif
#if F > 5
	TAKE(6)
#endif
	fi
}

#if P == 1
#define CLEAR(t) t[0] = 0
#elif P == 2
#define CLEAR(t) t[0] = 0; t[1] = 0
#elif P == 3
#define CLEAR(t) t[0] = 0; t[1] = 0; t[2] = 0
#else
#define CLEAR(t) t[0] = 0; t[1] = 0; t[2] = 0; t[3] = 0
#endif
#ifdef NODISCARD
#define HIT(x) (x == DMA -> DMA_STALE : x)
#else
#define HIT(x) (x == RESP -> RESP_STALE : (x == DMA -> DMA_STALE : x))
#endif
#define INVDEV(d) :: d_step { cmd == INV_DEV+d -> CLEAR(atc[d].e); infl[d] = HIT(infl[d]) }; goto drain
proctype iommu() {
	byte cmd;
	xr q;
end_iommu:
	q?cmd;
	if
	:: d_step { cmd == INV_IOTLB -> CLEAR(iotlb); cmd = 0 }; goto end_iommu
	:: d_step { cmd == WAIT -> cmpl = 1; cmd = 0 }; goto end_iommu
	INVDEV(0)
#if D > 1
	INVDEV(1)
#endif
#if D > 2
	INVDEV(2)
#endif
	fi;
drain:
#ifdef NODRAIN
	cmd = 0;
#else
	if
	:: d_step { infl[cmd-INV_DEV] != DMA_STALE -> cmd = 0 }
	fi;
#endif
	goto end_iommu
}

#define LOOKUP(p) \
	:: d_step { cnt < M && atc[d].e[p] != 0 -> pg = p; lat = atc[d].e[p]; infl[d] = DMA }; goto xlated \
	:: d_step { cnt < M && atc[d].e[p] == 0 -> pg = p }; goto req
proctype dev(byte d) {
	byte pg, lat, cnt, rt;
end_idle:
	if
	LOOKUP(0)
#if P > 1
	LOOKUP(1)
#endif
#if P > 2
	LOOKUP(2)
#endif
#if P > 3
	LOOKUP(3)
#endif
	fi;
req:	if
	:: d_step { iotlb[pg] != 0 -> lat = iotlb[pg]; infl[d] = RESP }; goto fill
	:: iotlb[pg] == 0 -> goto walk
	fi;
walk:	if
	:: d_step { root && pte[pg] != 0 -> iotlb[pg] = pte[pg]; lat = pte[pg]; infl[d] = RESP }; goto fill
	:: !(root && pte[pg] != 0) -> goto fault
	fi;
fill:	if
	:: d_step { infl[d] == RESP -> atc[d].e[pg] = lat; infl[d] = DMA }; goto xlated
	:: d_step { infl[d] == RESP_STALE -> lat = 0; infl[d] = NOTHING }; goto req
	fi;
xlated:	if
	:: d_step { CHECK(owner[lat] == PROC); infl[d] = NOTHING; lat = 0; pg = 0; rt = 0; cnt++ }; goto end_idle
	fi;
fault:	if
	:: d_step { pte[pg] == 0 -> pg = 0; rt = 0; cnt++ }; goto end_idle
	:: d_step { pte[pg] != 0 && rt < K -> rt++ }; goto req
	:: d_step { pte[pg] != 0 && rt == K -> GIVEUP; pg = 0; rt = 0 }; goto end_dead
	fi;
end_dead:
	false
}

init {
	d_step {
		pte[0] = 1; owner[1] = PROC;
#if P > 1
		pte[1] = 2; owner[2] = PROC;
#endif
#if P > 2
		pte[2] = 3; owner[3] = PROC;
#endif
#if P > 3
		pte[3] = 4; owner[4] = PROC;
#endif
	};
	atomic {
		run cpu0(); run cpu1(); run iommu();
		run dev(0);
#if D > 1
		run dev(1);
#endif
#if D > 2
		run dev(2);
#endif
	};
end_init:
	false
}
