namespace Worker;

internal sealed class Clock(ILogger<Clock> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1));
        do
        {
            logger.LogInformation("It is {Time:HH:mm}.", DateTimeOffset.UtcNow);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
