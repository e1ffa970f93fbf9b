package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** What is not modelled, a disabled test for each line of the README's list: each fails today if it is enabled. */
class NotModelledTest {
    private static void assertRuns(String script) {
        assertThat(Ran.call(new byte[0], Main::open, "-e", script).status()).isZero();
    }

    @Test
    @Disabled("Huge pages that move to other frames, huge pages of files and of shared memory, and page tables of the hugetlb pool that processes share.")
    void hugePagesOfOtherMemory() {
        assertRuns("machine { thp=always shmem_thp=always }\nprocess app {}\nlet buf = app.main: mmap 2M rw shared");
    }

    @Test
    @Disabled("Page tables in a format of a vendor's own (Sv48 and Sv57 of RISC-V): every IOMMU walks the process's x86-64 tables; MSI page tables of RISC-V.")
    void tablesOfAVendorsOwn() {
        assertRuns("iommu riscv0 { vendor=riscv format=sv48 }");
    }

    @Test
    @Disabled("Store buffers of CPUs: every write is seen by everybody at once.")
    void storeBuffers() {
        assertRuns("machine { memory_model=tso }");
    }

    @Test
    @Disabled("Paging-structure caches of CPUs; those of IOMMUs are modelled.")
    void cpuWalkCaches() {
        assertRuns("machine { cpu_walk_cache=16 }");
    }

    @Test
    @Disabled("Preemption and the moving of threads between CPUs: a thread stays where it was started.")
    void scheduling() {
        assertRuns("process app {}\napp.main: sched_setaffinity 1");
    }

    @Test
    @Disabled("The kernel's half of the page table, and what a device may cache of it.")
    void kernelHalf() {
        assertRuns("process app {}\nkernel: vfree 0xffff888000000000 +4K");
    }

    @Test
    @Disabled("What a disk's file system does of its own, as ext4's read-ahead and its zeroing of blocks partly punched or cut off: files behave as tmpfs has them.")
    void filesOnDisk() {
        assertRuns("process app {}\nfile data 64K { fs=ext4 }");
    }
}
