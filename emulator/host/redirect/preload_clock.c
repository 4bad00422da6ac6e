// The wall clock of programs that run redirected: the emulator's time, told as its distance from
// this machine's in eight bytes of a file that the emulator goes on writing. Without such a file
// every function here is the C library's. Part of the preloaded library: what stands at the top of
// preload.c holds here too. Monotonic clocks are left alone.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "redirected_addresses.h"

#define EXPORTED __attribute__((visibility("default")))
#define REAL(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))

#define SECOND 1000000000LL  // nanoseconds
// Later than any uptime, earlier than any date: a deadline beyond it is one of the wall clock. What
// a condition variable was told about its clock cannot be asked.
#define EARLIEST_DATE 500000000  // seconds: 1985

static const int64_t* ahead_place;  // null: this machine's time is the emulator's
static __typeof__(&clock_gettime) real_clock_gettime;
static __typeof__(&gettimeofday) real_gettimeofday;
static __typeof__(&time) real_time;

__attribute__((constructor)) static void prepare_clock(void) {
    real_clock_gettime = REAL(clock_gettime);
    real_gettimeofday = REAL(gettimeofday);
    real_time = REAL(time);
    const char* path = getenv(SBEMU_CLOCK_VARIABLE);
    if (path == NULL) return;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    void* place = mmap(NULL, sizeof *ahead_place, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (place != MAP_FAILED) ahead_place = place;
}

// Nanoseconds that the emulator's time is ahead of this machine's.
static int64_t ahead(void) {
    return ahead_place == NULL ? 0 : __atomic_load_n(ahead_place, __ATOMIC_RELAXED);
}

static void add(struct timespec* moment, int64_t by) {
    moment->tv_sec += (time_t)(by / SECOND);
    moment->tv_nsec += (long)(by % SECOND);
    if (moment->tv_nsec >= SECOND) {
        moment->tv_nsec -= SECOND;
        ++moment->tv_sec;
    } else if (moment->tv_nsec < 0) {
        moment->tv_nsec += SECOND;
        --moment->tv_sec;
    }
}

// ---- what time it is ----

EXPORTED int clock_gettime(clockid_t clock, struct timespec* now) {
    const int error = real_clock_gettime != NULL ? real_clock_gettime(clock, now)
                                                 : (int)syscall(SYS_clock_gettime, clock, now);
    const int is_wall_clock = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    if (error == 0 && is_wall_clock) add(now, ahead());
    return error;
}

EXPORTED int gettimeofday(struct timeval* restrict now, void* restrict zone) {
    const int error = real_gettimeofday != NULL ? real_gettimeofday(now, zone)
                                                : (int)syscall(SYS_gettimeofday, now, zone);
    const int64_t by = ahead();
    if (error != 0 || by == 0) return error;
    struct timespec moment = {now->tv_sec, (long)now->tv_usec * 1000};
    add(&moment, by);
    now->tv_sec = moment.tv_sec;
    now->tv_usec = moment.tv_nsec / 1000;
    return 0;
}

EXPORTED time_t time(time_t* place) {
    if (ahead() == 0 && real_time != NULL) return real_time(place);
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    if (place != NULL) *place = now.tv_sec;
    return now.tv_sec;
}

EXPORTED int timespec_get(struct timespec* now, int base) {
    __typeof__(&timespec_get) real = REAL(timespec_get);
    const int answered = real == NULL ? 0 : real(now, base);
    if (answered == TIME_UTC) add(now, ahead());
    return answered;
}

// ---- waiting until a time ----

// The same deadline by this machine's clock.
static const struct timespec* machine_deadline(const struct timespec* deadline,
                                               struct timespec* copy) {
    const int64_t by = ahead();
    if (by == 0 || deadline == NULL || deadline->tv_sec < EARLIEST_DATE) return deadline;
    *copy = *deadline;
    add(copy, -by);
    if (copy->tv_sec < 0) *copy = (struct timespec){0, 0};  // long past, not invalid
    return copy;
}

EXPORTED int pthread_cond_timedwait(pthread_cond_t* restrict condition,
                                    pthread_mutex_t* restrict mutex,
                                    const struct timespec* restrict deadline) {
    __typeof__(&pthread_cond_timedwait) real = REAL(pthread_cond_timedwait);
    struct timespec copy;
    return real == NULL ? ENOSYS : real(condition, mutex, machine_deadline(deadline, &copy));
}

EXPORTED int pthread_cond_clockwait(pthread_cond_t* restrict condition,
                                    pthread_mutex_t* restrict mutex, clockid_t clock,
                                    const struct timespec* restrict deadline) {
    __typeof__(&pthread_cond_clockwait) real = REAL(pthread_cond_clockwait);
    struct timespec copy;
    return real == NULL ? ENOSYS : real(condition, mutex, clock, machine_deadline(deadline, &copy));
}

EXPORTED int pthread_mutex_timedlock(pthread_mutex_t* restrict mutex,
                                     const struct timespec* restrict deadline) {
    __typeof__(&pthread_mutex_timedlock) real = REAL(pthread_mutex_timedlock);
    struct timespec copy;
    return real == NULL ? ENOSYS : real(mutex, machine_deadline(deadline, &copy));
}

// The semaphores' functions answer -1 and errno.
EXPORTED int sem_timedwait(sem_t* restrict semaphore, const struct timespec* restrict deadline) {
    __typeof__(&sem_timedwait) real = REAL(sem_timedwait);
    struct timespec copy;
    if (real != NULL) return real(semaphore, machine_deadline(deadline, &copy));
    errno = ENOSYS;
    return -1;
}

EXPORTED int sem_clockwait(sem_t* restrict semaphore, clockid_t clock,
                           const struct timespec* restrict deadline) {
    __typeof__(&sem_clockwait) real = REAL(sem_clockwait);
    struct timespec copy;
    if (real != NULL) return real(semaphore, clock, machine_deadline(deadline, &copy));
    errno = ENOSYS;
    return -1;
}

EXPORTED int clock_nanosleep(clockid_t clock, int flags, const struct timespec* wanted,
                             struct timespec* left) {
    __typeof__(&clock_nanosleep) real = REAL(clock_nanosleep);
    struct timespec copy;
    if (real == NULL) return ENOSYS;
    if ((flags & TIMER_ABSTIME) != 0) wanted = machine_deadline(wanted, &copy);
    return real(clock, flags, wanted, left);
}

EXPORTED int timerfd_settime(int timer, int flags, const struct itimerspec* wanted,
                             struct itimerspec* before) {
    __typeof__(&timerfd_settime) real = REAL(timerfd_settime);
    if (real == NULL) {
        errno = ENOSYS;
        return -1;
    }
    if ((flags & TFD_TIMER_ABSTIME) == 0 || wanted == NULL) {
        return real(timer, flags, wanted, before);
    }
    struct timespec copy;
    const struct itimerspec changed = {wanted->it_interval,
                                       *machine_deadline(&wanted->it_value, &copy)};
    return real(timer, flags, &changed, before);
}
