using Worker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddHostedService<Clock>();
builder.Build().Run();
