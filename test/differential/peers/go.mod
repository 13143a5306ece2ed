module sallyport.invalid/peers

go 1.25
