module sallyport.invalid/http2-peer

go 1.25
